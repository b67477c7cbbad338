using System.Buffers.Binary;
using System.Text;
using NanoBanana.Client.Images;

namespace NanoBanana.Client.Tests.Files;

public sealed class ImageDimensionsTests
{
    private static readonly byte[] Rest = new byte[200];

    public static TheoryData<string, byte[], int, int> Images => new()
    {
        { "PNG", Join(Hex("89504E470D0A1A0A 0000000D"), Text("IHDR"), Big32(12288), Big32(1536), Rest), 12288, 1536 },
        { "GIF", Join(Text("GIF89a"), Hex("4001 F000"), Rest), 320, 240 },
        {
            "WebP, lossy",
            Join(Text("RIFF"), Hex("00000000"), Text("WEBPVP8 "), Hex("00000000 000000 9D012A 5045 B080"), Rest), 0x0550, 0x00B0
        },
        {
            "WebP, lossless",
            Join(Text("RIFF"), Hex("00000000"), Text("WEBPVP8L"), Hex("00000000 2F"), Little32((1376 - 1) | ((768 - 1) << 14)), Rest),
            1376, 768
        },
        {
            "WebP, extended",
            Join(Text("RIFF"), Hex("00000000"), Text("WEBPVP8X"), Hex("0A000000 10000000 5F0500 FF0200"), Rest), 1376, 768
        },
        { "JPEG", Join(Hex("FFD8"), Segment(0xE0, 14), Segment(0xDB, 65), Frame(0xC0, 1376, 768), Rest), 1376, 768 },
        {
            "JPEG, progressive, after 128 KB of metadata",
            Join(Hex("FFD8"), Segment(0xE1, 65533), Segment(0xEB, 65533), Segment(0xC4, 30), Frame(0xC2, 848, 1264), Rest), 848, 1264
        },
        { "JPEG with fill bytes", Join(Hex("FFD8"), Segment(0xE0, 3), Hex("FFFFFF"), Frame(0xC1, 16, 9), Rest), 16, 9 },
        { "AVIF", Avif(Spatial(1376, 768)), 1376, 768 },
        {
            "AVIF with a thumbnail",
            Avif(Spatial(160, 90), Box("pixi", Hex("00000000 03080808")), Spatial(1376, 768), Spatial(64, 64)), 1376, 768
        },
    };

    public static TheoryData<string, byte[]> Others => new()
    {
        { "nothing", [] },
        { "the start of a PNG", Hex("89504E470D0A1A0A 0000000D") },
        { "a page", Text("<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>") },
        { "a PNG without a width", Join(Hex("89504E470D0A1A0A 0000000D"), Text("IHDR"), Big32(0), Big32(9), Rest) },
        { "a PNG wider than a number", Join(Hex("89504E470D0A1A0A 0000000D"), Text("IHDR"), Hex("FFFFFFFF 00000001"), Rest) },
        { "a JPEG without a frame", Join(Hex("FFD8"), Segment(0xE0, 14), Hex("FFDA"), Rest) },
        { "a JPEG with a wrong segment length", Join(Hex("FFD8FFE0 0004 0000 00"), Frame(0xC0, 16, 9), Rest) },
        { "a WebP with an unknown chunk", Join(Text("RIFF"), Hex("00000000"), Text("WEBPJUNK"), Rest) },
        {
            "an AVIF whose box has a negative length",
            Join(Box("ftyp", Text("avif")), Hex("00000001"), Text("free"), Hex("FFFFFFFFFFFFFFFF"), Rest)
        },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void The_size_of_an_image_is_read_from_pieces_of_any_size(string what, byte[] file, int width, int height)
    {
        foreach (int piece in new[] { file.Length, 1, 7, 30, 4096 })
            Assert.True(new PixelSize(width, height) == SizeOf(file, piece), $"{what} in pieces of {piece}");
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void A_file_without_dimensions_has_no_size(string what, byte[] file)
    {
        foreach (int piece in new[] { Math.Max(1, file.Length), 1, 30 })
            Assert.True(SizeOf(file, piece) is null, $"{what} in pieces of {piece}");
    }

    [Fact]
    public void A_file_without_an_end_of_its_header_is_abandoned()
    {
        byte[] endless = Join(Hex("FFD8"), [.. Enumerable.Repeat((byte)0xFF, 20_000)], Frame(0xC0, 16, 9)[1..], Rest);

        Assert.Null(SizeOf(endless, 4096));
    }

    private static PixelSize? SizeOf(byte[] file, int piece)
    {
        var dimensions = new ImageDimensions();
        foreach (byte[] bytes in file.Chunk(piece))
            dimensions.Append(bytes);
        return dimensions.Size;
    }

    private static byte[] Avif(params byte[][] properties) => Join(
        Box("ftyp", Text("avif"), Big32(0), Text("mif1miaf")),
        Box("meta", Big32(0), Box("hdlr", new byte[24]), Box("iprp", Box("ipco", properties), Box("ipma", new byte[9]))),
        Box("mdat", Rest));

    private static byte[] Spatial(int width, int height) => Box("ispe", Big32(0), Big32(width), Big32(height));

    private static byte[] Box(string name, params byte[][] content)
    {
        byte[] inside = Join(content);
        return Join(Big32(inside.Length + 8), Text(name), inside);
    }

    private static byte[] Segment(byte marker, int length) =>
        Join([0xFF, marker, (byte)((length + 2) >> 8), (byte)(length + 2)], new byte[length]);

    private static byte[] Frame(byte marker, int width, int height) =>
        Join([0xFF, marker, 0, 17, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width], new byte[10]);

    private static byte[] Big32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Little32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Hex(string digits) => Convert.FromHexString(digits.Replace(" ", ""));

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
