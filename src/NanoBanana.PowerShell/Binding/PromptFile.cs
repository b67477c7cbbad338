using System.Text;
using NanoBanana.Client.Files;

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
            byte[] content = RegularFile.ReadAll(path, MaximumBytes)
                ?? throw Refuse($"'{path}' is larger than a prompt can be: at most {MaximumBytes / 1024} KB are read. A file is one prompt of at most {ImageModel.MaximumPromptLength} characters; for a prompt on each line use Get-Content.");
            string text = ReadText(content);
            return text.Contains('\0')
                ? throw Refuse($"'{path}' is not a text file. A prompt file is text in UTF-8; a picture goes along with -ImagePath.")
                : text.Trim();
        }
        catch (DecoderFallbackException e)
        {
            // Taken as it is, the picture of another prompt would be bought.
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{path}' is not a text file in UTF-8. Save it as UTF-8, for example with Set-Content -Encoding utf8; UTF-16 is taken with a byte order mark.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{path}' can't be read: {e.Message}", e);
        }
    }

    private static string ReadText(byte[] content)
    {
        using var reader = new StreamReader(new MemoryStream(content), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
