using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using StbImageSharp;

namespace NanoBanana.Emulator.Tests;

/// <summary>Checks the checksums of PNG files. Decoders of other tests ignore them.</summary>
public sealed class PngFileTests
{
    [Theory]
    [InlineData("0.5K", 792, 168)]
    [InlineData("4K", 6336, 2688)]
    public async Task Image_is_a_PNG_file_with_valid_checksums(string resolution, int width, int height)
    {
        using var provider = new Provider();
        byte[] file = await provider.ImageAsync(new JsonObject
        {
            ["prompt"] = "a red fox",
            ["aspect_ratio"] = "21:9",
            ["resolution"] = resolution,
        });

        var chunks = Chunks(file);

        Assert.Equal(["IHDR", "PLTE", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        // The stream checks its own checksum at its end.
        using var zlib = new ZLibStream(new MemoryStream(chunks[2].Data), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        await zlib.CopyToAsync(rows);
        Assert.Equal((width + 1) * height, rows.Length);
    }

    [Theory]
    [InlineData(3_000_000)]
    [InlineData(150_000)]
    public async Task Prompt_can_set_the_size_of_its_file(int bytes)
    {
        using var provider = new Provider();
        byte[] plain = await provider.ImageAsync(new JsonObject { ["prompt"] = "a red fox", ["resolution"] = "0.5K" });
        byte[] file = await provider.ImageAsync(new JsonObject { ["prompt"] = $"a red fox [bytes:{bytes}]", ["resolution"] = "0.5K" });

        Assert.True(plain.Length < bytes);
        Assert.Equal(bytes, file.Length);
        Assert.Equal(["IHDR", "PLTE", "IDAT", "fiLl", "IEND"], Chunks(file).Select(chunk => chunk.Type));
    }

    [Fact]
    public async Task Image_that_needs_more_bytes_has_its_natural_size()
    {
        using var provider = new Provider();
        byte[] file = await provider.ImageAsync(new JsonObject { ["prompt"] = "a red fox [bytes:1]", ["resolution"] = "0.5K" });

        Assert.Equal(["IHDR", "PLTE", "IDAT", "IEND"], Chunks(file).Select(chunk => chunk.Type));
    }

    [Fact]
    public async Task Prompt_can_set_the_number_and_sizes_of_its_images()
    {
        using var provider = new Provider();
        var task = await provider.CompleteAsync(Provider.Parameters("a red fox [size:64x48] [size:1024x8]"));
        string[] addresses =
            [.. Provider.Content(task).Where(item => Provider.Type(item) == "image").Select(item => item.GetProperty("url").GetString()!)];

        using var client = new HttpClient();
        var sizes = new List<(int, int)>();
        foreach (string address in addresses)
        {
            ImageResult image = ImageResult.FromMemory(await client.GetByteArrayAsync(new Uri(address)));
            sizes.Add((image.Width, image.Height));
        }

        Assert.Equal([(64, 48), (1024, 8)], sizes);
        Assert.Equal(2, addresses.Distinct().Count());
    }

    private static List<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var chunks = new List<(string, byte[])>();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            uint checksum = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length));
            Assert.Equal(Crc(file.AsSpan(at + 4, length + 4)), checksum);
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += length + 12;
        }

        return chunks;
    }

    /// <summary>The checksum, computed bit by bit as defined.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
