using NanoBanana.Client.Files;

namespace NanoBanana.Binding;

/// <summary>A picture on this machine as a data URI, to be sent along with a prompt.</summary>
internal static class ImageFile
{
    /// <summary>The largest file that is sent, in bytes: in base64 it still fits common limits for a request.</summary>
    private const int MaximumBytes = 7 * 1024 * 1024;

    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not a picture that can be sent.</exception>
    public static string ToDataUri(string path)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
                throw Refuse($"The image '{path}' is larger than {MaximumBytes / 1024 / 1024} MB. Make it smaller, or put it where it has an address and use -ImageUrl.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"The image '{path}' can't be read: {e.Message}", e);
        }
        string type = PictureFormat.MediaTypeOf(bytes.AsSpan(0, Math.Min(bytes.Length, PictureFormat.SignatureLength)))
            ?? throw Refuse($"'{path}' is not a picture: {PictureFormat.Describe(bytes.AsSpan(0, Math.Min(bytes.Length, PictureFormat.SignatureLength)))}. Pictures are PNG, JPEG, WebP, GIF or AVIF by their bytes.");
        return $"data:{type};base64,{Convert.ToBase64String(bytes)}";
    }

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
