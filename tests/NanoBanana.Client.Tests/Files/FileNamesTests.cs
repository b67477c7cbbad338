using System.Text;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("fox", "fox")]
    [InlineData("a fox in the snow", "a fox in the snow")]
    [InlineData("..", "image")]
    [InlineData(".", "image")]
    [InlineData("", "image")]
    [InlineData("   ", "image")]
    [InlineData(". . .", "image")]
    [InlineData("../../etc/passwd", "_-..-etc-passwd")]
    [InlineData(@"..\..\windows\system32", @"_-..-windows-system32")]
    [InlineData("/root", "_-root")]
    [InlineData(@"C:\fox", "C--fox")]
    [InlineData("fox:stream", "fox-stream")]
    [InlineData("a<b>c\"d|e?f*g", "a-b-c-d-e-f-g")]
    [InlineData("fox.", "fox")]
    [InlineData("fox . . ", "fox")]
    [InlineData(".hidden", "hidden")]
    [InlineData(" fox ", "fox")]
    [InlineData("one\ntwo\tthree", "one two three")]
    [InlineData("a\0b\u001Bc\u007Fd\u0085e", "a-b-c-d e")]
    [InlineData("fox\u202Egnp.exe", "foxgnp.exe")]
    [InlineData("\u2066fox\u2069\u200E\u200F\uFEFF\u200B", "fox")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("cafe\u200B\u0301", "café")]
    [InlineData("-rf", "_-rf")]
    [InlineData("a\uFFFFb\uFDD0c", "a-b-c")]
    [InlineData("狐 🦊", "狐 🦊")]
    public void A_sanitized_name_is_safe(string text, string expected) => Assert.Equal(expected, FileNames.Sanitize(text));

    [Theory]
    [InlineData("CON")]
    [InlineData("con")]
    [InlineData("Nul.txt")]
    [InlineData("aux.tar.gz")]
    [InlineData("PRN .png")]
    [InlineData("COM1")]
    [InlineData("lpt9.x")]
    [InlineData("COM¹")]
    [InlineData("CONIN$")]
    [InlineData(" con. ")]
    public void A_name_reserved_by_Windows_gets_a_prefix(string text) =>
        Assert.StartsWith("_", FileNames.Sanitize(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("console")]
    [InlineData("COM10")]
    [InlineData("my con")]
    public void A_name_that_only_starts_like_a_reserved_one_is_unchanged(string text) => Assert.Equal(text, FileNames.Sanitize(text));

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("狐")]
    [InlineData("🦊")]
    [InlineData("x🦊")]
    [InlineData("ab🦊")]
    public void A_long_name_is_truncated_between_characters(string part)
    {
        string name = FileNames.Sanitize(string.Concat(Enumerable.Repeat(part, 300)));

        Assert.InRange(Encoding.UTF8.GetByteCount(name), FileNames.MaximumBytes - 4, FileNames.MaximumBytes);
        Assert.Equal(name, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)));
    }

    [Fact]
    public void A_truncated_name_does_not_end_with_a_dot_or_a_space() =>
        Assert.Equal(new string('x', FileNames.MaximumBytes - 1),
            FileNames.Sanitize(new string('x', FileNames.MaximumBytes - 1) + ". . tail"));

    [Fact]
    public void A_truncated_name_with_a_prefix_is_not_longer_than_others()
    {
        Assert.Equal("_-" + new string('x', FileNames.MaximumBytes - 2), FileNames.Sanitize("-" + new string('x', 300)));
        Assert.Equal("_CON", FileNames.Sanitize("CON" + new string(' ', 300) + "x"));
    }

    [Fact]
    public void Unpaired_surrogates_are_left_out()
    {
        Assert.Equal("ab", FileNames.Sanitize("a\uD83Eb"));
        Assert.Equal("🦊é", FileNames.Sanitize("\uD800🦊e\u0301\uDC00"));
        Assert.Equal("a-b", FileNames.Slug("a \uDD8A b"));
    }

    [Fact]
    public async Task An_endless_text_is_truncated_without_reading_it_all()
    {
        string endless = new('狐', 2_000_000);

        Task<string> name = Task.Run(() => FileNames.Sanitize(endless));

        Assert.Equal(FileNames.MaximumBytes / 3, (await name.WaitAsync(TimeSpan.FromSeconds(30))).Length);
    }

    [Theory]
    [InlineData("A red fox, in the snow!", "a-red-fox-in-the-snow")]
    [InlineData("  --- fox ---  ", "fox")]
    [InlineData("50% off / 2:1", "50-off-2-1")]
    [InlineData("狐と雪", "狐と雪")]
    [InlineData("लाल लोमड़ी", "लाल-लोमड़ी")]
    [InlineData("!?", "")]
    [InlineData("", "")]
    [InlineData("../../etc", "etc")]
    public void A_slug_consists_of_the_words_of_a_prompt(string prompt, string slug) => Assert.Equal(slug, FileNames.Slug(prompt));

    [Theory]
    [InlineData("fox ")]
    [InlineData("狐")]
    [InlineData("🦊")]
    [InlineData("x🦊")]
    public void A_slug_of_a_long_prompt_is_short_and_has_no_partial_characters(string part)
    {
        string slug = FileNames.Slug(string.Concat(Enumerable.Repeat(part, 300)));

        Assert.InRange(slug.Length, 10, 64);
        Assert.Equal(slug, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(slug)));
        Assert.False(slug.EndsWith('-'));
    }
}
