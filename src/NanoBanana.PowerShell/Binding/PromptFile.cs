namespace NanoBanana.Binding;

/// <summary>A text file as one prompt.</summary>
internal static class PromptFile
{
    /// <summary>Far more than a prompt can have, in bytes; a larger file is not one prompt.</summary>
    private const int MaximumBytes = 64 * 1024;

    /// <summary>The text, UTF-8 unless a byte order mark says otherwise, without blank lines at its ends.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not one prompt in a text file.</exception>
    public static string Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
                throw Refuse($"'{path}' is larger than a prompt can be. A file is one prompt of at most {ImageModel.MaximumPromptLength} characters; for a prompt on each line use Get-Content.");
            string text = File.ReadAllText(path);
            return text.Contains('\0')
                ? throw Refuse($"'{path}' is not a text file. A prompt file is text in UTF-8; a picture goes along with -ImagePath.")
                : text.Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{path}' can't be read: {e.Message}", e);
        }
    }

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
