using System.Runtime.CompilerServices;
using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// An image file of this machine as it is sent: upright, without metadata, and within the model's limit. A file that is all of that
/// already is sent byte for byte.
/// </summary>
/// <param name="DataUri">The image as a data URI.</param>
/// <param name="Key">What stands for it when requests are compared: the hash of its file, whatever a later version does to it.</param>
/// <param name="KeyOfVersion1">The same as version 1 of the journal made it: the data URI of an image that was not changed.</param>
/// <param name="Scaling">What it was and what is sent, for an image that was too large; null for any other.</param>
internal sealed record InputImage(string DataUri, string Key, string KeyOfVersion1, string? Scaling)
{
    /// <summary>The largest image that the model takes, in bytes.</summary>
    public const int MaximumBytes = 7 * 1024 * 1024;

    /// <summary>The largest file that is read, in bytes.</summary>
    internal const int MaximumFileBytes = 100 * 1024 * 1024;

    /// <summary>The most pixels: four bytes each while an image is turned or scaled.</summary>
    internal const long MaximumPixels = 128L * 1000 * 1000;

    private const string Formats = "Images are PNG, JPEG, WebP, GIF or AVIF by their bytes";

    /// <summary>Keeps an image as long as its text, which the tasks that were made from it hold.</summary>
    private static readonly ConditionalWeakTable<string, InputImage> Kept = new();

    private (long Length, DateTime Written) _state;

    /// <summary>The image that was read as that data URI, while something holds it; null for any other text.</summary>
    public static InputImage? Of(string dataUri) => Kept.TryGetValue(dataUri, out InputImage? image) ? image : null;

    /// <summary>Reads a file, unless it is unchanged.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">What it was when it was read last; returned where length and time are still the same.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not an image that can be sent.</exception>
    public static InputImage Read(string path, InputImage? known = null)
    {
        string name = TextSafety.Excerpt(path, 300);
        try
        {
            using FileStream stream = RegularFile.Open(path);
            (long Length, DateTime Written) state = RegularFile.StateOf(stream);
            if (known is not null && known._state == state)
                return known;
            byte[] file = RegularFile.ReadAll(stream, MaximumFileBytes)
                ?? throw Refuse($"The image '{name}' is larger than {MaximumFileBytes / 1024 / 1024} MB. Make it smaller, or put it where it has an address and use -ImageUrl.");
            InputImage image = Prepare(file, name);
            image._state = state;
            Kept.Add(image.DataUri, image);
            return image;
        }
        catch (InvalidDataException e)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"The image '{name}' is broken: {e.Message}. Nothing was sent for it. Open it and save it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"The image '{name}' can't be read: {TextSafety.Excerpt(e.Message, 300)}", e);
        }
    }

    private static InputImage Prepare(byte[] file, string name)
    {
        ReadOnlySpan<byte> start = file.AsSpan(0, Math.Min(file.Length, ImageFormat.SignatureLength));
        string extension = ImageFormat.ExtensionOf(start) ?? throw NotAnImage(file, name);
        PixelSize size = SizeOf(file);
        if ((long)size.Width * size.Height > MaximumPixels)
            throw Refuse($"The image '{name}' has {size} pixels, {(long)size.Width * size.Height / 1_000_000} million. At most {MaximumPixels / 1_000_000} million are sent. Make it smaller.");
        string key = ImageKey.OfData(file);
        ImageParts parts = ImageParts.Of(file, extension);
        if (parts.IsAnimated)
            throw Refuse($"The image '{name}' is animated, and the model takes still images. Save one frame of it as PNG.");
        if (parts.HasFixedMetadata)
            throw Refuse($"The image '{name}' is an AVIF file with metadata, such as where it was taken, that can't be removed here. Save it as JPEG, PNG or WebP.");
        byte[] plain = parts.ToBytes(), sent = plain;
        PixelSize sentSize = size;
        if (parts.Orientation != 1 || plain.Length > MaximumBytes)
        {
            if (extension is ".gif" or ".avif")
                throw Refuse($"The image '{name}' is larger than the {MaximumBytes / 1024 / 1024} MB that the model takes, and {extension.TrimStart('.').ToUpperInvariant()} can't be scaled down here. Save it as PNG or JPEG.");
            (sent, sentSize) = ImageConverter.Convert(plain, parts.Orientation, MaximumBytes);
        }
        string uri = $"data:{ImageFormat.MediaTypeOf(sent.AsSpan(0, ImageFormat.SignatureLength))};base64,{Convert.ToBase64String(sent)}";
        bool isScaled = plain.Length > MaximumBytes || (long)sentSize.Width * sentSize.Height < (long)size.Width * size.Height;
        string? scaling = isScaled
            ? $"The image '{name}' is larger than the {MaximumBytes / 1024 / 1024} MB that the model takes: it was {size} with {ByteSize.Describe(file.Length)}, and {sentSize} with {ByteSize.Describe(sent.Length)} is sent."
            : null;
        return new InputImage(uri, key, sent == file ? uri : key, scaling);
    }

    /// <summary>Width and height as the file has them.</summary>
    /// <exception cref="InvalidDataException">It does not say.</exception>
    internal static PixelSize SizeOf(byte[] file)
    {
        var dimensions = new ImageDimensions();
        dimensions.Append(file);
        // The window that looks at the file is longer than what is left at the end of a very small one.
        dimensions.Append(new byte[32]);
        return dimensions.Size ?? throw new InvalidDataException("its width and height can't be read");
    }

    private static NanoBananaException NotAnImage(byte[] file, string name)
    {
        ReadOnlySpan<byte> start = file.AsSpan(0, Math.Min(file.Length, ImageFormat.SignatureLength));
        if (start.Length >= 12 && start.Slice(4, 4).SequenceEqual("ftyp"u8) && (start.Slice(8, 2).SequenceEqual("he"u8) || start.Slice(8, 2).SequenceEqual("mi"u8)))
            return Refuse($"'{name}' is a HEIC image. Its metadata, such as where it was taken, can't be removed here. Save it as JPEG or PNG.");
        return Refuse($"'{name}' is not an image: {ImageFormat.Describe(start)}. {Formats}.");
    }

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
