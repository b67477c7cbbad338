using System.Buffers.Binary;
using System.Text;
using NanoBanana.Client.Files;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace NanoBanana.Client.Tests.Images;

/// <summary>An image file as it is sent.</summary>
public sealed class InputImageTests : IDisposable
{
    private const string Secret = "taken at 52.5200N 13.4050E";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("webp")]
    [InlineData("gif")]
    public void An_image_without_metadata_is_sent_unchanged(string format)
    {
        byte[] file = Encode(Photo(40, 30), format);

        InputImage image = Read(file);

        Assert.Equal(file, Sent(image));
        Assert.Equal(image.DataUri, image.KeyOfVersion1);
        Assert.StartsWith($"data:image/{(format == "jpg" ? "jpeg" : format)};base64,", image.DataUri, StringComparison.Ordinal);
        Assert.Null(image.Scaling);
    }

    [Fact]
    public void An_unchanged_file_is_not_read_again_and_a_changed_one_is()
    {
        string path = _folder.At("a.png");
        File.WriteAllBytes(path, Encode(Photo(40, 30), "png"));
        InputImage first = InputImage.Read(path);
        DateTime written = File.GetLastWriteTimeUtc(path);

        Assert.Same(first, InputImage.Read(path, first));

        // Another image of the same length. Only its time differs.
        byte[] other = File.ReadAllBytes(path);
        other[^20] ^= 1;
        File.WriteAllBytes(path, other);
        File.SetLastWriteTimeUtc(path, written);
        Assert.Same(first, InputImage.Read(path, first));
        File.SetLastWriteTimeUtc(path, written.AddSeconds(1));
        Assert.Equal(other, Sent(InputImage.Read(path, first)));

        File.WriteAllBytes(path, Encode(Photo(20, 10), "png"));
        File.SetLastWriteTimeUtc(path, written);
        Assert.NotSame(first, InputImage.Read(path, first));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("webp")]
    public void The_location_and_other_metadata_are_removed_without_changing_a_pixel(string format)
    {
        using Image<Rgba32> photo = Photo(40, 30);
        AddMetadata(photo, orientation: 1);
        byte[] file = [.. Encode(photo, format), .. Encoding.ASCII.GetBytes(Secret)];
        Assert.True(IndexOf(file, Secret) >= 0);

        byte[] sent = Sent(Read(file));

        Assert.True(IndexOf(sent, Secret) < 0);
        Assert.True(IndexOf(sent, "Exif") < 0 && IndexOf(sent, "EXIF") < 0);
        IImageInfo info = Image.Identify(sent);
        Assert.Equal((40, 30), (info.Width, info.Height));
        Assert.Null(info.Metadata.ExifProfile);
        Assert.Equal(Pixels(file), Pixels(sent));
    }

    [Fact]
    public void Comments_previews_and_trailing_bytes_are_removed_from_a_JPEG()
    {
        byte[] plain = Encode(Photo(40, 30), "jpg");
        byte[] file =
        [
            .. plain[..2], .. Segment(0xFE, Secret), .. Segment(0xED, "Photoshop 3.0\0" + Secret), .. Segment(0xE2, "MPF\0" + Secret),
            .. Segment(0xE0, "JFXX\0" + Secret),
            .. Segment(0xEB, Secret), .. plain[2..], .. Encode(Photo(8, 8), "jpg"),
        ];

        Assert.Equal(plain, Sent(Read(file)));
    }

    [Fact]
    public void Comments_and_application_data_are_removed_from_a_GIF()
    {
        byte[] plain = Encode(Photo(40, 30), "gif");
        byte[] comment = [0x21, 0xFE, (byte)Secret.Length, .. Encoding.ASCII.GetBytes(Secret), 0];
        byte[] file = [.. plain[..^1], .. comment, 0x3B];

        Assert.Equal(plain, Sent(Read(file)));
    }

    [Theory]
    [InlineData("jpg", 1)]
    [InlineData("jpg", 2)]
    [InlineData("jpg", 3)]
    [InlineData("jpg", 4)]
    [InlineData("jpg", 5)]
    [InlineData("jpg", 6)]
    [InlineData("jpg", 7)]
    [InlineData("jpg", 8)]
    [InlineData("png", 6)]
    [InlineData("png", 7)]
    [InlineData("webp", 8)]
    [InlineData("webp", 5)]
    public void An_image_is_sent_upright(string format, int orientation)
    {
        using Image<Rgba32> photo = Photo(64, 32);
        AddMetadata(photo, (ushort)orientation);
        byte[] file = Encode(photo, format);
        using Image<Rgba32> upright = Image.Load<Rgba32>(file);
        upright.Mutate(context => context.AutoOrient());

        InputImage read = Read(file);

        using Image<Rgba32> sent = Image.Load<Rgba32>(Sent(read));
        Assert.Equal(upright.Size(), sent.Size());
        Assert.Null(sent.Metadata.ExifProfile);
        foreach ((int x, int y) in new[] { (4, 4), (sent.Width - 5, 4), (4, sent.Height - 5), (sent.Width - 5, sent.Height - 5) })
            Assert.True(Distance(upright[x, y], sent[x, y]) < 40, $"({x}, {y}): {upright[x, y]} {sent[x, y]}");
        Assert.Matches("^sha256:[0-9a-f]{64}$", read.Key);
        Assert.Null(read.Scaling);
    }

    [Theory]
    [InlineData("png", false, "image/jpeg")]
    [InlineData("png", true, "image/webp")]
    [InlineData("jpg", false, "image/jpeg")]
    public void An_image_over_the_limit_is_scaled_down_with_a_message(string format, bool isTransparent, string mediaType)
    {
        using Image<Rgba32> noise = Noise(2000, 1500, isTransparent);
        byte[] file = format == "jpg" ? Encode(Noise(4000, 3000, false), new JpegEncoder { Quality = 100 }) : Encode(noise, "png");
        Assert.True(file.Length > InputImage.MaximumBytes);

        InputImage image = Read(file);

        byte[] sent = Sent(image);
        Assert.InRange(sent.Length, 1_000_000, InputImage.MaximumBytes);
        Assert.StartsWith($"data:{mediaType};", image.DataUri, StringComparison.Ordinal);
        IImageInfo info = Image.Identify(sent);
        Assert.Contains(format == "jpg" ? "4000x3000" : "2000x1500", image.Scaling, StringComparison.Ordinal);
        Assert.Contains($"{info.Width}x{info.Height}", image.Scaling, StringComparison.Ordinal);
        Assert.Contains("7 MB", image.Scaling, StringComparison.Ordinal);
        Assert.Equal(4.0 / 3, (double)info.Width / info.Height, 2);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("webp")]
    [InlineData("gif")]
    public void A_truncated_image_is_refused(string format)
    {
        byte[] file = Encode(Photo(40, 30), format);
        for (int length = 12; length < file.Length; length += Math.Max(1, file.Length / 50))
            Refused(file[..length], "The image");
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("webp")]
    [InlineData("gif")]
    public void A_damaged_image_is_either_sent_or_refused(string format)
    {
        using Image<Rgba32> photo = Photo(64, 32);
        if (format != "gif")
            AddMetadata(photo, orientation: 6);
        byte[] file = Encode(photo, format);
        var random = new Random(7);
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = [.. file];
            for (int n = 0; n < 4; n++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Read(damaged);
            }
            catch (NanoBananaException e)
            {
                Assert.Equal(NanoBananaErrorKind.InvalidRequest, e.Kind);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("<html>")]
    public void A_file_that_is_not_an_image_is_refused(string text) => Refused(Encoding.ASCII.GetBytes(text), "is not an image");

    [Fact]
    public void A_HEIC_photo_is_refused_with_advice() =>
        Refused([0, 0, 0, 0x18, .. "ftypheic"u8, 0, 0, 0, 0, 0, 0, 0, 0], "Save it as JPEG");

    [Fact]
    public void An_image_with_too_many_pixels_is_refused_before_decoding()
    {
        byte[] file = Encode(Photo(40, 30), "png");
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 60_000);

        Refused(file, "3600 million");
    }

    [Fact]
    public void Animated_images_are_refused()
    {
        using Image<Rgba32> film = Photo(40, 30);
        film.Frames.AddFrame(film.Frames.RootFrame);
        Refused(Encode(film, new GifEncoder()), "animated");

        byte[] png = Encode(Photo(40, 30), "png");
        Refused([.. png[..33], 0, 0, 0, 8, .. "acTL"u8, 0, 0, 0, 2, 0, 0, 0, 0, 1, 2, 3, 4, .. png[33..]], "animated");

        byte[] extended = [.. "VP8X"u8, 10, 0, 0, 0, 0x02, 0, 0, 0, 39, 0, 0, 29, 0, 0];
        byte[] webp = Encode(Photo(40, 30), "webp");
        byte[] file = [.. webp[..12], .. extended, .. webp[12..]];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        Refused(file, "animated");
    }

    [Fact]
    public void An_AVIF_image_is_refused_with_metadata_and_sent_without()
    {
        byte[] box = [0, 0, 0, 20, .. "ispe"u8, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0, 30];
        byte[] File(string item) =>
        [
            0, 0, 0, 16, .. "ftypavif"u8, 0, 0, 0, 0, 0, 0, 0, 0x60, .. "meta"u8, 0, 0, 0, 0, 0, 0, 0, 21, .. "infe"u8, 2, 0, 0, 0, 0, 1, 0,
            0, .. Encoding.ASCII.GetBytes(item), 0,
            0, 0, 0, 36, .. "iprp"u8, 0, 0, 0, 28, .. "ipco"u8, .. box, 0, 0, 0, 8, .. "mdat"u8, .. new byte[40],
        ];

        Assert.Equal(File("av01"), Sent(Read(File("av01"))));
        Refused(File("Exif"), "can't be removed");
        Refused(File("mime"), "can't be removed");
    }

    [Fact]
    public void A_file_larger_than_an_upload_is_refused_without_reading_it()
    {
        using (FileStream file = File.Create(_folder.At("image")))
            file.SetLength(100 * 1024 * 1024 + 1);

        Assert.Contains(
            "100 MB", Assert.Throws<NanoBananaException>(() => InputImage.Read(_folder.At("image"))).Message, StringComparison.Ordinal);
    }

    private InputImage Read(byte[] file)
    {
        File.WriteAllBytes(_folder.At("image"), file);
        return InputImage.Read(_folder.At("image"));
    }

    private void Refused(byte[] file, string reason)
    {
        NanoBananaException error = Assert.Throws<NanoBananaException>(() => Read(file));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static byte[] Sent(InputImage image) => Convert.FromBase64String(image.DataUri[(image.DataUri.IndexOf(',') + 1)..]);

    /// <summary>Four corners with four colors, so that every rotation is visible.</summary>
    private static Image<Rgba32> Photo(int width, int height)
    {
        var photo = new Image<Rgba32>(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                photo[x, y] = (x < width / 2, y < height / 2) switch
                {
                    (true, true) => Color.Red,
                    (false, true) => Color.Green,
                    (true, false) => Color.Blue,
                    _ => Color.White,
                };
        }
        return photo;
    }

    private static Image<Rgba32> Noise(int width, int height, bool isTransparent)
    {
        byte[] pixels = new byte[width * height * 4];
        new Random(7).NextBytes(pixels);
        for (int i = 3; i < pixels.Length && !isTransparent; i += 4)
            pixels[i] = 255;
        return Image.LoadPixelData<Rgba32>(pixels, width, height);
    }

    private static void AddMetadata(Image image, ushort orientation)
    {
        var exif = new ExifProfile();
        exif.SetValue(ExifTag.ImageDescription, Secret);
        exif.SetValue(ExifTag.Orientation, orientation);
        image.Metadata.ExifProfile = exif;
        image.Metadata.GetPngMetadata().TextData.Add(new PngTextData("Location", Secret, "", ""));
    }

    private static byte[] Encode(Image image, string format) => Encode(image, format switch
    {
        "jpg" => new JpegEncoder { Quality = 95 },
        "png" => new PngEncoder(),
        "gif" => new GifEncoder(),
        _ => (IImageEncoder)new WebpEncoder { FileFormat = WebpFileFormatType.Lossless },
    });

    private static byte[] Encode(Image image, IImageEncoder encoder)
    {
        using var bytes = new MemoryStream();
        image.Save(bytes, encoder);
        return bytes.ToArray();
    }

    private static byte[] Segment(byte code, string text) => [0xFF, code, 0, (byte)(text.Length + 2), .. Encoding.ASCII.GetBytes(text)];

    private static Rgba32[] Pixels(byte[] file)
    {
        using Image<Rgba32> image = Image.Load<Rgba32>(file);
        var pixels = new Rgba32[image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        return pixels;
    }

    private static int Distance(Rgba32 one, Rgba32 other) =>
        Math.Max(Math.Abs(one.R - other.R), Math.Max(Math.Abs(one.G - other.G), Math.Abs(one.B - other.B)));

    private static int IndexOf(byte[] file, string text) => file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
}
