using CsCheck;
using NanoBanana.Client.Images;

namespace NanoBanana.Client.Tests.Properties;

/// <summary>What is read of a picture's bytes does not depend on the pieces that they come in, and no bytes do harm.</summary>
public sealed class PictureProperties
{
    private static readonly byte[][] Starts = [Pictures.Png(90), Pictures.Jpeg(30), Pictures.WebP(60), Pictures.Gif(length: 40), Pictures.Avif(length: 70), []];

    /// <summary>A picture's bytes, some of them overwritten, and any more.</summary>
    private static readonly Gen<byte[]> AnyPicture = Gen.Select(
        Gen.OneOf(Starts), Gen.Select(Gen.Int[0, 89], Gen.OneOf(Gen.Byte, Gen.OneOf<byte>(0xFF, 0, 0xD9, 0xDA, 0x3B, 0x2C, 1))).Array[0, 6], Gen.Byte.Array[0, 300])
        .Select((start, changes, more) =>
        {
            byte[] picture = [.. start, .. more];
            foreach ((int at, byte value) in changes.Where(c => c.Item1 < picture.Length))
                picture[at] = value;
            return picture;
        });

    [Fact]
    public void Size_and_end_are_the_same_in_any_pieces() => Gen.Select(AnyPicture, Gen.Int[1, 40]).Sample(
        (picture, piece) => Read(picture, piece) == Read(picture, Math.Max(1, picture.Length)), iter: 20_000);

    [Fact]
    public void A_whole_picture_stays_whole_with_more_behind_it() => Gen.Byte.Array[0, 50].Sample(
        more => Starts[..1].Append(Starts[2]).All(whole => Read([.. whole, .. more], 7).HasEnd), iter: 2000);

    private static (PixelSize? Size, bool HasEnd) Read(byte[] picture, int piece)
    {
        var dimensions = new PictureDimensions();
        var end = new PictureEnd();
        foreach (byte[] bytes in picture.Chunk(piece))
        {
            dimensions.Append(bytes);
            end.Append(bytes);
        }
        return (dimensions.Size, end.IsReached);
    }
}
