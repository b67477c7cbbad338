namespace NanoBanana.Emulator.Wire;

/// <summary>Which references to input pictures the API takes.</summary>
internal static class ImageUrls
{
    private const string DataPrefix = "data:image/";
    private const string DataMark = ";base64,";

    public static bool IsValid(string url) =>
        url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? IsPictureData(url) : IsWebAddress(url);

    private static bool IsWebAddress(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static bool IsPictureData(string url)
    {
        int mark = url.IndexOf(DataMark, StringComparison.OrdinalIgnoreCase);
        return url.StartsWith(DataPrefix, StringComparison.OrdinalIgnoreCase)
            && mark > DataPrefix.Length
            && IsBase64(url, mark + DataMark.Length);
    }

    /// <summary>Looks at the characters only: decoding megabytes to throw them away helps nobody.</summary>
    private static bool IsBase64(string text, int start)
    {
        int length = text.Length - start;
        if (length == 0 || length % 4 != 0)
            return false;

        int end = text.Length;
        while (end > text.Length - 2 && text[end - 1] == '=')
            end--;
        for (int i = start; i < end; i++)
        {
            if (text[i] is not ((>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '+' or '/'))
                return false;
        }

        return true;
    }
}
