namespace NanoBanana.Emulator.Wire;

/// <summary>Checks the references to input images.</summary>
internal static class ImageUrls
{
    private const string DataPrefix = "data:image/";
    private const string DataMark = ";base64,";

    /// <summary>The start of an image in Base64 without a data URI: PNG, JPEG, WebP, GIF, AVIF and HEIC.</summary>
    private static readonly string[] Base64Starts = ["iVBORw0KGgo", "/9j/", "UklGR", "R0lGOD", "AAAA"];

    public static bool IsValid(string url) => FormOf(url) switch
    {
        EmulatorImageForm.DataUri => IsImageData(url),
        EmulatorImageForm.Base64 => IsBase64(url.AsSpan()),
        _ => IsWebAddress(url),
    };

    /// <summary>Refuses images of the given forms.</summary>
    /// <exception cref="ApiRefusalException">400: the message contains the number of the first refused image.</exception>
    public static void CheckForms(IReadOnlyList<string> urls, IReadOnlyCollection<EmulatorImageForm> refused)
    {
        for (int i = 0; i < urls.Count; i++)
        {
            if (refused.Contains(FormOf(urls[i])))
                throw ApiRefusalException.Invalid($"image_urls[{i}] has a form that is not accepted: {FormOf(urls[i])}.");
        }
    }

    private static EmulatorImageForm FormOf(string url)
    {
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            return EmulatorImageForm.DataUri;
        bool isBase64 = Base64Starts.Any(start => url.StartsWith(start, StringComparison.Ordinal));
        return isBase64 ? EmulatorImageForm.Base64 : EmulatorImageForm.Address;
    }

    private static bool IsWebAddress(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static bool IsImageData(string url)
    {
        int mark = url.IndexOf(DataMark, StringComparison.OrdinalIgnoreCase);
        return url.StartsWith(DataPrefix, StringComparison.OrdinalIgnoreCase)
            && mark > DataPrefix.Length
            && IsBase64(url.AsSpan(mark + DataMark.Length));
    }

    /// <summary>Checks only the characters. Decoding megabytes would take time and find nothing more.</summary>
    private static bool IsBase64(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> digits = text.TrimEnd('=');
        if (text.Length == 0 || text.Length % 4 != 0 || text.Length - digits.Length > 2)
            return false;

        foreach (char digit in digits)
        {
            if (digit is not ((>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '+' or '/'))
                return false;
        }

        return true;
    }
}
