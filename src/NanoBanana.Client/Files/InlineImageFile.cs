using NanoBanana.Client.Images;
using NanoBanana.Client.Images.Inline;

namespace NanoBanana.Client.Files;

/// <summary>Reads an image file that is to be shown. Its pixels are decoded later. The limits are those of images that are sent.</summary>
internal static class InlineImageFile
{
    /// <param name="path">The full path.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not an image that can be shown.</exception>
    public static InlineImage Read(string path)
    {
        string name = TextSafety.Excerpt(path, 300);
        try
        {
            byte[] file = RegularFile.ReadAll(path, InputImage.MaximumFileBytes)
                ?? throw Refuse($"The image '{name}' is larger than {InputImage.MaximumFileBytes / 1024 / 1024} MB, so it is not shown.");
            ReadOnlySpan<byte> start = file.AsSpan(0, Math.Min(file.Length, ImageFormat.SignatureLength));
            string extension = ImageFormat.ExtensionOf(start)
                ?? throw Refuse($"'{name}' is not an image that can be shown: {ImageFormat.Describe(start)}. Images are PNG, JPEG, WebP, "
                    + "GIF or AVIF.");
            PixelSize size = InputImage.SizeOf(file);
            if ((long)size.Width * size.Height > InputImage.MaximumPixels)
            {
                throw Refuse($"The image '{name}' has {size} pixels, which are more than {InputImage.MaximumPixels / 1_000_000} million, "
                    + "so it is not shown.");
            }
            int orientation = ImageParts.Of(file, extension).Orientation;
            // From 5 on, rows and columns change places: Exif 2.32, tag 274.
            return new InlineImage(file, extension, orientation >= 5 ? new PixelSize(size.Height, size.Width) : size, orientation == 1);
        }
        catch (InvalidDataException e)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"The image '{name}' is broken: {e.Message}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.InvalidRequest, $"The image '{name}' can't be read: {TextSafety.Excerpt(e.Message, 300)}", e);
        }
    }

    /// <summary>Whether a program that opens the file by its name takes it for the image that it is.</summary>
    public static bool IsNamedAsImage(string path, InlineImage image) => ImageFormat.Fits(path, image.Extension);

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
