using System.Text;
using NanoBanana.Client.Images;

namespace NanoBanana.Client.Tests.Files;

/// <summary>An image is complete when the end that its format requires was read, and not earlier.</summary>
public sealed class ImageEndTests
{
    public static TheoryData<string, byte[]> Whole => new()
    {
        { "PNG", TestImages.Png(200) },
        {
            "PNG with a chunk after its data",
            Join(TestImages.Png(200)[..^12], Hex("00000004"), Text("tEXt"), Text("IEND"), Hex("00000000"), TestImages.Png(200)[^12..])
        },
        { "WebP", TestImages.WebP(200) },
        { "JPEG", Join(Hex("FFD8 FFE0 0004 0102 FFDA 0004 0102"), Text("data"), Hex("FF00 D9 FFD0"), Text("more"), Hex("FFD9")) },
        {
            "JPEG with a thumbnail",
            Join(Hex("FFD8 FFE1 0008"), Hex("FFD8 3132 FFD9"), Hex("FFDA 0004 FFD9"), Text("data"), Hex("FFFF FFD9"))
        },
        {
            "JPEG, progressive",
            Join(Hex("FFD8 FFC2 0003 08 FFDA 0003 01"), Text("scan"), Hex("FFC4 0006 FFD9FFD9 FFDA 0003 01"), Text("scan"), Hex("FFD9"))
        },
        { "JPEG with bytes between its segments", Join(Hex("FFD8 FFE0 0004 0102 3131 FFDA 0003 01"), Text("data"), Hex("FFD9")) },
        { "GIF", Join(Text("GIF89a"), Hex("0100 0100 00 00 00 2C 0000 0000 0100 0100 00 02 03 3B3B3B 01 3B 00 3B")) },
        {
            "GIF with tables and a comment",
            Join(
                Text("GIF89a"), Hex("0100 0100 80 00 00 3B3B3B 3B3B3B 21 FE 02 3B3B 00 2C 0000 0000 0100 0100 81"), new byte[12],
                Hex("02 01 3B 00 3B"))
        },
        { "AVIF", Join(Box("ftyp", Text("avif0000mif1")), Box("meta", new byte[40]), Box("mdat", new byte[50])) },
        {
            "AVIF with its data first, in a long box",
            Join(
                Box("ftyp", Text("avis0000")), Hex("00000001"), Text("mdat"), Hex("0000000000000020"), new byte[16],
                Box("moov", new byte[9]))
        },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public void The_end_of_a_whole_image_is_found_in_pieces_of_any_size(string what, byte[] file)
    {
        foreach (int piece in new[] { file.Length, 1, 3, 16, 17 })
        {
            Assert.True(IsReached(file, piece), $"{what} in pieces of {piece}");
            Assert.True(IsReached([.. file, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF], piece), $"{what} and more, in pieces of {piece}");
        }
    }

    [Theory]
    [MemberData(nameof(Whole))]
    public void A_truncated_image_has_no_end(string what, byte[] file)
    {
        for (int length = 0; length < file.Length; length++)
        {
            Assert.False(IsReached(file[..length], Math.Max(1, length)), $"{what}, {length} of {file.Length} bytes");
            Assert.False(IsReached(file[..length], 1), $"{what}, {length} of {file.Length} bytes, one by one");
        }
    }

    [Fact]
    public void A_file_that_is_not_an_image_has_no_end() => Assert.False(IsReached(Text("<!DOCTYPE html><html></html>"), 5));

    private static bool IsReached(byte[] file, int piece)
    {
        var end = new ImageEnd();
        foreach (byte[] bytes in file.Chunk(piece))
            end.Append(bytes);
        return end.IsReached;
    }

    private static byte[] Box(string name, byte[] content) => Join([0, 0, 0, (byte)(content.Length + 8)], Text(name), content);

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Hex(string digits) => Convert.FromHexString(digits.Replace(" ", ""));

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
