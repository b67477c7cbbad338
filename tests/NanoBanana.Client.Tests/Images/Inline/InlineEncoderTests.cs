using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Client.Images.Inline;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace NanoBanana.Client.Tests.Images.Inline;

/// <summary>The output for a terminal.</summary>
public sealed class InlineEncoderTests
{
    private static readonly CellBox Box = new(40, 10);

    [Theory]
    [InlineData(InlineProtocolName.Kitty)]
    [InlineData(InlineProtocolName.ITerm2)]
    [InlineData(InlineProtocolName.Sixel)]
    public void The_text_starts_and_ends_with_its_sequence_and_a_line_end(InlineProtocolName protocol)
    {
        string text = Encode(TestInlineImages.File(TestInlineImages.Gradient(300, 200), ".png"), Terminal(protocol));

        (string start, string end) = protocol switch
        {
            InlineProtocolName.Kitty => ("\u001b_Ga=T,f=100,q=2", "\u001b\\\r\n"),
            InlineProtocolName.ITerm2 => ("\u001b]1337;File=", "\a\r\n"),
            _ => ("\u001bP0;1;0q\"1;1;", "\u001b\\\r\n"),
        };
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.EndsWith(end, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Kitty_receives_an_unchanged_PNG_in_chunks_of_at_most_4096()
    {
        InlineImage image = TestInlineImages.File(TestInlineImages.Noise(120, 100), ".png");

        (string Keys, string Data)[] chunks = KittyChunks(Encode(image, Terminal(InlineProtocolName.Kitty)));

        Assert.True(chunks.Length > 2, "The image has too few bytes for this test.");
        Assert.Equal("a=T,f=100,q=2,m=1", chunks[0].Keys);
        Assert.All(chunks[1..^1], chunk => Assert.Equal("m=1,q=2", chunk.Keys));
        Assert.Equal("m=0,q=2", chunks[^1].Keys);
        Assert.All(chunks[..^1], chunk => Assert.Equal(4096, chunk.Data.Length));
        Assert.InRange(chunks[^1].Data.Length, 1, 4096);
        Assert.Equal(image.File, KittyFile(Encode(image, Terminal(InlineProtocolName.Kitty))));
    }

    [Theory]
    [InlineData(1000, 250, 400, 100)]
    [InlineData(250, 1000, 50, 200)]
    public void Kitty_receives_a_large_image_in_its_size_on_the_screen(int width, int height, int shownWidth, int shownHeight)
    {
        string text = Encode(TestInlineImages.File(TestInlineImages.Gradient(width, height), ".png"), Terminal(InlineProtocolName.Kitty));
        Assert.Equal(new PixelSize(shownWidth, shownHeight), TestInlineImages.SizeOf(KittyFile(text)));
    }

    [Fact]
    public void Kitty_receives_a_small_image_enlarged_if_a_size_is_given()
    {
        InlineImage image = TestInlineImages.File(TestInlineImages.Gradient(30, 30), ".png");
        string text = InlineEncoder.Encode(image, Terminal(InlineProtocolName.Kitty), Box, mayEnlarge: true, "fox.png");
        Assert.Equal(new PixelSize(200, 200), TestInlineImages.SizeOf(KittyFile(text)));
    }

    [Fact]
    public void ITerm2_enlarges_a_small_image_itself()
    {
        InlineImage image = TestInlineImages.File(TestInlineImages.Gradient(30, 30), ".webp");
        Match sent = ITerm2(InlineEncoder.Encode(image, Terminal(InlineProtocolName.ITerm2), Box, mayEnlarge: true, "fox.webp"));
        Assert.Equal(new PixelSize(30, 30), TestInlineImages.SizeOf(Convert.FromBase64String(sent.Groups["data"].Value)));
        Assert.Equal(("20", "10"), (sent.Groups["width"].Value, sent.Groups["height"].Value));
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".webp")]
    [InlineData(".gif")]
    public void Kitty_receives_other_formats_as_PNG_in_their_size_on_the_screen(string extension)
    {
        string text = Encode(TestInlineImages.File(TestInlineImages.Gradient(1000, 500), extension), Terminal(InlineProtocolName.Kitty));

        byte[] file = KittyFile(text);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], file[..4]);
        Assert.Equal(new PixelSize(400, 200), TestInlineImages.SizeOf(file));
    }

    [Fact]
    public void A_large_file_is_scaled_down_first()
    {
        InlineImage image = TestInlineImages.File(TestInlineImages.Noise(1400, 1100), ".png");
        Assert.True(image.File.Length > 4 * 1024 * 1024, "The image has too few bytes for this test.");

        Match sent = ITerm2(Encode(image, Terminal(InlineProtocolName.ITerm2)));

        Assert.Equal(200, TestInlineImages.SizeOf(Convert.FromBase64String(sent.Groups["data"].Value)).Height);
    }

    [Fact]
    public void A_rotated_image_is_shown_upright()
    {
        InlineImage image = TestInlineImages.File(TestInlineImages.Gradient(60, 30), ".jpg", orientation: 6);

        byte[] sent = KittyFile(Encode(image, Terminal(InlineProtocolName.Kitty)));

        Assert.Equal(new PixelSize(30, 60), TestInlineImages.SizeOf(sent));
    }

    [Theory]
    [InlineData(".png", true)]
    [InlineData(".jpg", true)]
    [InlineData(".gif", true)]
    [InlineData(".webp", false)]
    public void ITerm2_receives_widely_supported_formats_unchanged(string extension, bool asItIs)
    {
        InlineImage image = TestInlineImages.File(TestInlineImages.Gradient(1000, 500), extension);

        Match sent = ITerm2(Encode(image, Terminal(InlineProtocolName.ITerm2), name: "fox \u001b[31mred.png"));

        byte[] file = Convert.FromBase64String(sent.Groups["data"].Value);
        Assert.Equal(asItIs, file.SequenceEqual(image.File));
        Assert.Equal(asItIs ? new PixelSize(1000, 500) : new PixelSize(400, 200), TestInlineImages.SizeOf(file));
        Assert.Equal($"{file.Length}", sent.Groups["size"].Value);
        Assert.Equal(("40", "10"), (sent.Groups["width"].Value, sent.Groups["height"].Value));
        Assert.Equal("fox [31mred.png", Encoding.UTF8.GetString(Convert.FromBase64String(sent.Groups["name"].Value)));
    }

    [Fact]
    public void Sixel_shows_the_pixels_of_the_image()
    {
        using Image<Rgba32> source = TestInlineImages.Gradient(97, 50);

        (int Red, int Green, int Blue)?[,] drawn = Draw(source);

        Assert.Equal((50, 97), (drawn.GetLength(0), drawn.GetLength(1)));
        AssertAlike(source, drawn, tolerance: 12);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(2)]
    public void Sixel_uses_at_most_the_colors_of_the_terminal(int colors)
    {
        InlineTerminal terminal = Terminal(InlineProtocolName.Sixel) with { Colors = colors };
        string text = Encode(TestInlineImages.File(TestInlineImages.Gradient(97, 50), ".png"), terminal);
        Assert.InRange(Regex.Count(text, "#\\d+;2;"), 1, colors);
    }

    [Fact]
    public void Sixel_leaves_out_transparent_pixels()
    {
        using Image<Rgba32> source = TestInlineImages.Gradient(20, 14);
        for (int x = 0; x < 20; x++)
            source[x, 5] = new Rgba32(255, 255, 255, 0);

        (int Red, int Green, int Blue)?[,] drawn = Draw(source);

        for (int x = 0; x < 20; x++)
        {
            Assert.Null(drawn[5, x]);
            Assert.NotNull(drawn[4, x]);
            Assert.NotNull(drawn[6, x]);
        }
    }

    [Fact]
    public void Sixel_encodes_equal_columns_with_a_repeat_count()
    {
        using var source = new Image<Rgba32>(200, 6, new Rgba32(255, 0, 0));
        string text = Encode(TestInlineImages.File(source, ".png"), Terminal(InlineProtocolName.Sixel));
        Assert.Contains("!200~", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Sixel_is_at_most_as_large_as_the_terminal_accepts()
    {
        InlineTerminal terminal = Terminal(InlineProtocolName.Sixel) with { MaximumPixels = new PixelSize(100, 1000) };
        string text = Encode(TestInlineImages.File(TestInlineImages.Gradient(400, 200), ".png"), terminal);
        Assert.Contains("\"1;1;100;50", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Kitty_in_tmux_uses_placeholder_characters_that_scroll()
    {
        InlineTerminal terminal = Terminal(InlineProtocolName.Kitty) with { IsThroughTmux = true };
        string text = Encode(TestInlineImages.File(TestInlineImages.Gradient(1000, 250), ".png"), terminal);

        string outside = OutsideOfTmux(text, out string[] passed);
        (string Keys, string Data)[] chunks = KittyChunks(string.Concat(passed));
        Match keys = Regex.Match(chunks[0].Keys, "^a=T,U=1,f=100,q=2,i=(\\d+),c=40,r=5");
        Assert.True(keys.Success, chunks[0].Keys);
        uint id = uint.Parse(keys.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        string[] lines = outside.Split("\r\n");
        Assert.Equal(6, lines.Length);
        Assert.Equal("", lines[5]);
        Assert.All(lines[..5], line =>
        {
            Assert.StartsWith($"\u001b[38;5;{id & 0xFF}m", line, StringComparison.Ordinal);
            Assert.EndsWith("\u001b[39m", line, StringComparison.Ordinal);
            Assert.Equal(40, Regex.Count(line, "\U0010EEEE"));
        });
        Assert.Equal(5, lines[..5].Select(line => line[line.IndexOf("\U0010EEEE", StringComparison.Ordinal) + 2]).Distinct().Count());
        Assert.NotEqual(0u, id & 0xFF);
    }

    [Theory]
    [InlineData(".png", 1000, 500)]
    // Forty columns of ten pixels, times two.
    [InlineData(".webp", 800, 400)]
    public void Kitty_in_tmux_receives_pixels_to_scale(string extension, int width, int height)
    {
        InlineTerminal terminal = Terminal(InlineProtocolName.Kitty) with { IsThroughTmux = true };
        OutsideOfTmux(Encode(TestInlineImages.File(TestInlineImages.Gradient(1000, 500), extension), terminal), out string[] passed);
        Assert.Equal(new PixelSize(width, height), TestInlineImages.SizeOf(KittyFile(string.Concat(passed))));
    }

    [Fact]
    public void Two_images_in_tmux_have_different_ids()
    {
        InlineImage image = TestInlineImages.File(TestInlineImages.Gradient(20, 20), ".png");
        InlineTerminal terminal = Terminal(InlineProtocolName.Kitty) with { IsThroughTmux = true };
        Assert.NotEqual(Regex.Match(Encode(image, terminal), ",i=\\d+").Value, Regex.Match(Encode(image, terminal), ",i=\\d+").Value);
    }

    [Fact]
    public void ITerm2_in_tmux_receives_sequences_that_tmux_accepts()
    {
        InlineImage image = TestInlineImages.File(TestInlineImages.Noise(800, 600), ".png");
        Assert.True(image.File.Length > 1_000_000, "The image has too few bytes for this test.");

        string text = Encode(image, Terminal(InlineProtocolName.ITerm2) with { IsThroughTmux = true });

        // Lines that tmux processes reserve the area of the image: ten down, ten up, and ten down again.
        string lines = string.Concat(Enumerable.Repeat("\r\n", 10));
        Assert.Equal($"{lines}\u001b[10A\u001b[K\u001b[10B\r", OutsideOfTmux(text, out string[] passed));
        Assert.InRange(Assert.Single(passed).Length, 1, TmuxPassthrough.MaximumSequenceLength);
        Assert.True(ITerm2(passed[0]).Success);
    }

    [Fact]
    public void A_damaged_file_is_reported_as_damaged()
    {
        byte[] file = TestInlineImages.File(TestInlineImages.Noise(50, 50), ".png").File;
        var image = new InlineImage(file[..60], ".png", new PixelSize(50, 50), IsUpright: true);
        Assert.Throws<InvalidDataException>(() => Encode(image, Terminal(InlineProtocolName.Sixel)));
    }

    /// <summary>Parameters of public test methods cannot have internal types.</summary>
    public enum InlineProtocolName
    {
        Kitty,
        ITerm2,
        Sixel,
    }

    private static InlineTerminal Terminal(InlineProtocolName protocol) => new((InlineProtocol)protocol);

    private static string Encode(InlineImage image, InlineTerminal terminal, string name = "fox.png") =>
        InlineEncoder.Encode(image, terminal, Box, mayEnlarge: false, name);

    private static (string Keys, string Data)[] KittyChunks(string text) =>
        [.. Regex.Matches(text, "\u001b_G(?<keys>[^;]*);(?<data>[A-Za-z0-9+/=]*)\u001b\\\\").Cast<Match>()
            .Select(chunk => (chunk.Groups["keys"].Value, chunk.Groups["data"].Value))];

    private static byte[] KittyFile(string text) =>
        Convert.FromBase64String(string.Concat(KittyChunks(text).Select(chunk => chunk.Data)));

    private static (int Red, int Green, int Blue)?[,] Draw(Image<Rgba32> image) =>
        SixelReader.Draw(Encode(TestInlineImages.File(image, ".png"), Terminal(InlineProtocolName.Sixel)).TrimEnd());

    private static Match ITerm2(string text) => Regex.Match(
        text, "^\u001b]1337;File=name=(?<name>[^;]*);size=(?<size>\\d+);width=(?<width>\\d+);height=(?<height>\\d+)"
            + ";preserveAspectRatio=1;inline=1:(?<data>[^\a]*)\a");

    /// <summary>Separates the output for tmux from the output that it passes through.</summary>
    private static string OutsideOfTmux(string text, out string[] passed)
    {
        var sequences = new List<string>();
        string outside = Regex.Replace(text, "\u001bPtmux;((?:[^\u001b]|\u001b\u001b)*)\u001b\\\\", match =>
        {
            sequences.Add(match.Groups[1].Value.Replace("\u001b\u001b", "\u001b", StringComparison.Ordinal));
            return "";
        });
        passed = [.. sequences];
        return outside;
    }

    private static void AssertAlike(Image<Rgba32> source, (int Red, int Green, int Blue)?[,] drawn, int tolerance)
    {
        long difference = 0;
        for (int y = 0; y < source.Height; y++)
        {
            for (int x = 0; x < source.Width; x++)
            {
                (int red, int green, int blue) = Assert.NotNull(drawn[y, x]);
                Rgba32 pixel = source[x, y];
                difference += Math.Abs(pixel.R - red * 255 / 100) + Math.Abs(pixel.G - green * 255 / 100)
                    + Math.Abs(pixel.B - blue * 255 / 100);
            }
        }
        Assert.InRange(difference / 3.0 / source.Width / source.Height, 0, tolerance);
    }
}
