using NanoBanana.Client.Images;
using NanoBanana.Client.Images.Inline;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>Reads an image file for a terminal. Its pixels are decoded later. The limits are those of input images.</summary>
internal static class InlineImageFile
{
    /// <param name="path">The full path.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the file is not an image that can be shown.
    /// </exception>
    public static InlineImage Read(string path)
    {
        string name = TextSafety.Excerpt(path, 300);
        try
        {
            byte[] file = RegularFile.ReadAll(path, InputImage.MaximumFileBytes)
                ?? throw Refuse(Messages.ShownFileTooLarge(name, InputImage.MaximumFileBytes / 1024 / 1024));
            ReadOnlySpan<byte> start = file.AsSpan(0, Math.Min(file.Length, ImageFormat.SignatureLength));
            string extension = ImageFormat.ExtensionOf(start)
                ?? throw Refuse(Messages.NotAnImage(name, ImageFormat.Describe(start)));
            PixelSize size = InputImage.SizeOf(file);
            if ((long)size.Width * size.Height > InputImage.MaximumPixels)
                throw Refuse(Messages.ShownHasTooManyPixels(name, size.ToString(), InputImage.MaximumPixels / 1_000_000));
            int orientation = ImageParts.Of(file, extension).Orientation;
            // From 5 on, width and height are exchanged: Exif 2.32, tag 274.
            return new InlineImage(file, extension, orientation >= 5 ? new PixelSize(size.Height, size.Width) : size, orientation == 1);
        }
        catch (InvalidDataException e)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.ShownDamaged(name, e.Message), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NanoBananaException(
                NanoBananaErrorKind.InvalidRequest, Messages.ImageUnreadable(name, TextSafety.Excerpt(e.Message, 300)), e);
        }
    }

    /// <summary>Whether the extension of the file fits its format, so a program can open it by its name.</summary>
    public static bool IsNamedAsImage(string path, InlineImage image) => ImageFormat.Fits(path, image.Extension);

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
