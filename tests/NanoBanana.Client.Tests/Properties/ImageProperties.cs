using CsCheck;
using NanoBanana.Client.Images;

namespace NanoBanana.Client.Tests.Properties;

/// <summary>The facts that are read from an image do not depend on the size of its pieces, and no bytes cause harm.</summary>
public sealed class ImageProperties
{
    private static readonly byte[][] Starts =
    [
        TestImages.Png(90), TestImages.Jpeg(30), TestImages.WebP(60), TestImages.Gif(length: 40), TestImages.Avif(length: 70), [],
    ];

    /// <summary>The bytes of an image, some of them overwritten, with any bytes appended.</summary>
    private static readonly Gen<byte[]> AnyImage = Gen.Select(
        Gen.OneOf(Starts),
        Gen.Select(Gen.Int[0, 89], Gen.OneOf(Gen.Byte, Gen.OneOf<byte>(0xFF, 0, 0xD9, 0xDA, 0x3B, 0x2C, 1))).Array[0, 6],
        Gen.Byte.Array[0, 300])
        .Select((start, changes, more) =>
        {
            byte[] image = [.. start, .. more];
            foreach ((int at, byte value) in changes.Where(c => c.Item1 < image.Length))
                image[at] = value;
            return image;
        });

    [Fact]
    public void Size_and_end_are_the_same_for_pieces_of_any_size() => Gen.Select(AnyImage, Gen.Int[1, 40]).Sample(
        (image, piece) => Read(image, piece) == Read(image, Math.Max(1, image.Length)), iter: 20_000);

    [Fact]
    public void A_whole_image_with_trailing_bytes_is_whole() => Gen.Byte.Array[0, 50].Sample(
        more => Starts[..1].Append(Starts[2]).All(whole => Read([.. whole, .. more], 7).HasEnd), iter: 2000);

    private static (PixelSize? Size, bool HasEnd) Read(byte[] image, int piece)
    {
        var dimensions = new ImageDimensions();
        var end = new ImageEnd();
        foreach (byte[] bytes in image.Chunk(piece))
        {
            dimensions.Append(bytes);
            end.Append(bytes);
        }
        return (dimensions.Size, end.IsReached);
    }
}
