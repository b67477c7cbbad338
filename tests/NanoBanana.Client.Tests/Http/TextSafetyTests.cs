namespace NanoBanana.Client.Tests.Http;

public sealed class TextSafetyTests
{
    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("a\r\n\tb", "a\r\n\tb")]
    [InlineData("safe\rfake\r", "safe\nfake\n")]
    [InlineData("a\r\r\nb", "a\n\r\nb")]
    [InlineData("\u001B[31mred\u001B[0m", "[31mred[0m")]
    [InlineData("\u009B31mred\u0007\0\b", "31mred")]
    [InlineData("a\u202Eb\u2066c\u2069d\u200Ee\u200Ff", "abcdef")]
    [InlineData("a\u200Bb\u2060c\uFEFFd\u00ADe", "abcde")]
    [InlineData("a\u2028b\u2029c", "abc")]
    [InlineData("👩\u200D🚀 می\u200Cخواهم", "👩\u200D🚀 می\u200Cخواهم")]
    [InlineData("狐 é 🦊", "狐 é 🦊")]
    [InlineData("a\U000E0041\U000E0042b\U000E0001c\U000E007Fd", "abcd")]
    [InlineData(
        "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F!",
        "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F!")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0073!", "🏴!")]
    [InlineData("🏴\U000E0049\U000E0047\U000E004E\U000E004F\U000E0052\U000E0045\U000E007F!", "🏴!")]
    [InlineData("a\U0001D173b\U000110BDc", "abc")]
    public void Only_text_that_could_harm_a_terminal_is_removed(string text, string expected) =>
        Assert.Equal(expected, TextSafety.Clean(text));

    [Theory]
    [InlineData(null, 10, "")]
    [InlineData(" one\r\ntwo\tthree ", 80, "one  two three")]
    [InlineData("0123456789", 10, "0123456789")]
    [InlineData("0123456789A", 10, "012345678…")]
    [InlineData("01234567🦊9", 10, "01234567…")]
    [InlineData("0123456🦊89", 10, "0123456🦊…")]
    [InlineData("\u001B]0;title\u0007x", 80, "]0;titlex")]
    public void An_excerpt_is_one_short_line_of_complete_characters(string? text, int length, string expected)
    {
        Assert.Equal(expected, TextSafety.Excerpt(text, length));
        Assert.True(TextSafety.Excerpt(text, length).Length <= length);
    }
}
