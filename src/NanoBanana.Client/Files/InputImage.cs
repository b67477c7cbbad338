using System.Runtime.CompilerServices;
using NanoBanana.Client.Images;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// An input image file of this machine in the form in which it is sent: upright, without metadata, and within the limit of the model. A
/// file that already has this form is sent unchanged.
/// </summary>
/// <param name="DataUri">The image as a data URI.</param>
/// <param name="Key">
/// The key of the image when requests are compared: the hash of its file, which does not depend on the version of the module.
/// </param>
/// <param name="KeyOfVersion1">The key in the form of version 1 of the journal: the data URI of an unchanged image.</param>
/// <param name="Scaling">A message about the scaling of an image that was too large; null without scaling.</param>
internal sealed record InputImage(string DataUri, string Key, string KeyOfVersion1, string? Scaling)
{
    /// <summary>The maximum size of an image that the model accepts, in bytes.</summary>
    public const int MaximumBytes = 7 * 1024 * 1024;

    /// <summary>The maximum size of a file that is read, in bytes.</summary>
    internal const int MaximumFileBytes = 100 * 1024 * 1024;

    /// <summary>The maximum number of pixels of an image that is decoded. Each takes four bytes while it is rotated or scaled.</summary>
    internal const long MaximumPixels = 128L * 1000 * 1000;

    /// <summary>The images by their data URI, as long as a task uses that text.</summary>
    private static readonly ConditionalWeakTable<string, InputImage> Kept = new();

    private (long Length, DateTime Written) _state;

    /// <summary>The image of a data URI, while a task uses it; null for any other text.</summary>
    public static InputImage? Of(string dataUri) => Kept.TryGetValue(dataUri, out InputImage? image) ? image : null;

    /// <summary>Reads a file, unless it has not changed.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="known">The image from the last read. It is returned if the length and the time are the same.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the file is not an image that can be sent.
    /// </exception>
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
                ?? throw Refuse(Messages.InputFileTooLarge(name, MaximumFileBytes / 1024 / 1024));
            InputImage image = Prepare(file, name);
            image._state = state;
            Kept.Add(image.DataUri, image);
            return image;
        }
        catch (InvalidDataException e)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.InputDamaged(name, e.Message), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.InvalidRequest, Messages.ImageUnreadable(name, TextSafety.Excerpt(e.Message, 300)), e);
        }
    }

    private static InputImage Prepare(byte[] file, string name)
    {
        ReadOnlySpan<byte> start = file.AsSpan(0, Math.Min(file.Length, ImageFormat.SignatureLength));
        string extension = ImageFormat.ExtensionOf(start) ?? throw NotAnImage(file, name);
        PixelSize size = SizeOf(file);
        long pixels = (long)size.Width * size.Height;
        if (pixels > MaximumPixels)
            throw Refuse(Messages.InputHasTooManyPixels(name, size.ToString(), pixels / 1_000_000, MaximumPixels / 1_000_000));
        string key = ImageKey.OfData(file);
        ImageParts parts = ImageParts.Of(file, extension);
        if (parts.IsAnimated)
            throw Refuse(Messages.InputAnimated(name));
        if (parts.HasFixedMetadata)
            throw Refuse(Messages.InputHasFixedMetadata(name));
        byte[] plain = parts.ToBytes(), sent = plain;
        PixelSize sentSize = size;
        if (parts.Orientation != 1 || plain.Length > MaximumBytes)
        {
            if (extension is ".gif" or ".avif")
                throw Refuse(Messages.InputNotScalable(name, MaximumBytes / 1024 / 1024, extension.TrimStart('.').ToUpperInvariant()));
            (sent, sentSize) = ImageConverter.Convert(plain, parts.Orientation, MaximumBytes);
        }
        string uri = $"data:{ImageFormat.MediaTypeOf(sent.AsSpan(0, ImageFormat.SignatureLength))};base64,{Convert.ToBase64String(sent)}";
        bool isScaled = plain.Length > MaximumBytes || (long)sentSize.Width * sentSize.Height < pixels;
        string? scaling = isScaled
            ? Messages.InputScaled(
                name, MaximumBytes / 1024 / 1024, size.ToString(), ByteSize.Describe(file.Length), sentSize.ToString(),
                ByteSize.Describe(sent.Length))
            : null;
        return new InputImage(uri, key, sent == file ? uri : key, scaling);
    }

    /// <summary>The width and height in the file.</summary>
    /// <exception cref="InvalidDataException">The file has no readable size.</exception>
    internal static PixelSize SizeOf(byte[] file)
    {
        var dimensions = new ImageDimensions();
        dimensions.Append(file);
        // The reader needs more bytes than the end of a very small file has.
        dimensions.Append(new byte[32]);
        return dimensions.Size ?? throw new InvalidDataException(Messages.ImageSizeUnreadable);
    }

    private static NanoBananaException NotAnImage(byte[] file, string name)
    {
        ReadOnlySpan<byte> start = file.AsSpan(0, Math.Min(file.Length, ImageFormat.SignatureLength));
        bool isHeic = start.Length >= 12 && start.Slice(4, 4).SequenceEqual("ftyp"u8)
            && (start.Slice(8, 2).SequenceEqual("he"u8) || start.Slice(8, 2).SequenceEqual("mi"u8));
        return Refuse(isHeic ? Messages.InputHeic(name) : Messages.NotAnImage(name, ImageFormat.Describe(start)));
    }

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
