using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Tests.Text;

public sealed class KeyMaskTests
{
    [Theory]
    [InlineData("sk+live/0123456789==", "sk\\u002Blive\\/0123456789\\u003d\\u003D")]
    [InlineData("sk+live/0123456789==", "sk%2blive%2F0123456789%3D=")]
    [InlineData("sk+live/0123456789==", "sk&#x2B;live&#47;0123456789==")]
    [InlineData("a.b(c)[d]{e}^f$g|hijk", "a.b(c)[d]{e}^f$g|hijk\\")]
    public void A_key_with_symbols_is_masked_in_every_escaped_form(string key, string echo) =>
        Assert.StartsWith("you sent …", Show(key, $"you sent {echo}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("abcd12", "the key abcd12 is short", "the key … is short")]
    [InlineData("abcd12", "the key a b c d 1 2, the key ABCD12.", "the key …, the key ….")]
    [InlineData("abcd12", "xabcd12 abcd123", "xabcd12 abcd123")]
    [InlineData("ab", "the key ab, %61b: about a b, AB", "the key …, …: about a b, AB")]
    [InlineData("a", "a fat cat", "… fat cat")]
    [InlineData("-_", "[-_] - _", "[…] - _")]
    public void A_short_key_is_masked_only_as_a_separate_word(string key, string text, string expected) =>
        Assert.Equal(expected, Show(key, text));

    [Fact]
    public void A_text_without_the_key_is_unchanged()
    {
        const string Text = "a%20b\\u0041&amp;<b>sk</b>-test-0123456789abcdef-WXY = 100 % \uFF21 狐 👩\u200D🚀\n";

        Assert.Same(Text, Show(TestBench.Key, Text));
    }

    [Fact]
    public void A_masked_text_keeps_the_text_around_the_key() =>
        Assert.Equal(
            "%41 one …WXYZ two &amp; …WXYZ three %2541",
            Show(
                TestBench.Key,
                $"%41 one {TestBench.Key} two &amp; "
                + $"{Uri.EscapeDataString(TestBench.Key).Replace("-", "%252D", StringComparison.Ordinal)} three %2541"));

    [Theory]
    [InlineData("abcd12", "task-abcd12", "task-abcd12")]
    [InlineData("images-key", "https://cdn.example/images/key/7.png?sig=a%20b", "https://cdn.example/images/key/7.png?sig=a%20b")]
    [InlineData("abcd12", "abcd12", "…")]
    [InlineData("abcd12", "ABCD12", "…")]
    [InlineData("abcd12", "The key abcd12", "The key …")]
    [InlineData("abcd12", "key=abcd12", "key=…")]
    [InlineData("nk-Live0123.abcdef_WXYZ", "https://cdn.example/nk-Live0123.abcdef_WXYZ/7.png", "https://cdn.example/…WXYZ/7.png")]
    [InlineData("nk-Live0123.abcdef_WXYZ", "task-nk-Live0123.abcdef_WXYZ", "task-…WXYZ")]
    public void An_id_or_an_address_that_contains_a_short_key_by_chance_is_unchanged(string key, string value, string expected) =>
        Assert.Equal(expected, new ApiKey(key).ServerText.SanitizeValue(value));

    [Theory]
    [InlineData("id")]
    [InlineData("completed-0")]
    public void A_key_equal_to_a_protocol_keyword_does_not_break_the_body(string key)
    {
        const string Body =
            """{"id":"completed-0-1","status":"completed","outputs":[{"type":"image","url":"https://cdn.example/id/completed-0/1.png"}]}""";

        byte[] shown = SanitizedBody.Of(Encoding.UTF8.GetBytes(Body), charset: null, new ApiKey(key).ServerText);

        Assert.Equal(Body, Encoding.UTF8.GetString(shown));
    }

    [Fact]
    public void An_image_in_base64_is_not_changed()
    {
        byte[] bytes = new byte[1_000_000];
        new Random(7).NextBytes(bytes);
        string image = $"data:image/png;base64,{Convert.ToBase64String(bytes)}";

        Assert.Same(image, Show(TestBench.Key, image));
    }

    [Fact]
    public void Hostile_texts_are_masked_in_limited_time()
    {
        foreach (string piece in (string[])["\\", "%25", "&amp;", "<", "s", "s-", "\\\\u00", "=", "sk-test-"])
            Assert.NotNull(Show(TestBench.Key, string.Concat(Enumerable.Repeat(piece, 200_000))));
    }

    [Theory]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    public void The_encoding_of_a_body_is_detected_by_its_mark_or_its_zeros(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] body = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("{\"id\":\"狐\"}")];

        Assert.Equal("{\"id\":\"狐\"}", Encoding.UTF8.GetString(Charset.ToUtf8(body, charset: null)));
    }

    [Fact]
    public void A_body_in_a_named_charset_is_decoded() =>
        Assert.Equal("Schlüssel", Encoding.UTF8.GetString(Charset.ToUtf8(Encoding.Latin1.GetBytes("Schlüssel"), "\"ISO-8859-1\"")));

    [Fact]
    public void A_UTF8_body_with_another_charset_name_is_UTF8() =>
        Assert.Equal("{\"text\":\"狐\"}", Encoding.UTF8.GetString(Charset.ToUtf8("{\"text\":\"狐\"}"u8.ToArray(), "iso-8859-1")));

    private static string Show(string key, string text) => new ApiKey(key).ServerText.Sanitize(text);
}
