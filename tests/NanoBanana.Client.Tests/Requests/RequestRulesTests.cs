using System.Text.RegularExpressions;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Requests;

public sealed class RequestRulesTests
{
    private static readonly ImageRequest Plain = new() { Prompt = "a red fox" };

    [Theory]
    [InlineData(1)]
    [InlineData(2500)]
    public void A_prompt_of_allowed_length_is_unchanged(int length)
    {
        string prompt = new('x', length);

        Assert.Equal(prompt, RequestRules.Check(Plain with { Prompt = prompt }).Prompt);
    }

    [Fact]
    public void An_emoji_counts_as_one_character()
    {
        string longest = string.Concat(Enumerable.Repeat("🦊", 2500));

        Assert.Equal(longest, RequestRules.Check(Plain with { Prompt = longest }).Prompt);
        Assert.Contains("has 2501 characters", Refused(Plain with { Prompt = longest + "🦊" }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_about_a_too_long_prompt_contains_the_excess()
    {
        string message = Refused(Plain with { Prompt = new string('x', 2510) });

        Assert.Contains("The maximum is 2500", message, StringComparison.Ordinal);
        Assert.Contains("Shorten it by 10", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n\u00A0\u3000")]
    public void A_blank_prompt_is_refused(string? prompt) =>
        Assert.Contains("prompt is empty", Refused(Plain with { Prompt = prompt! }), StringComparison.Ordinal);

    [Theory]
    [InlineData(@"ab\uD83E", 2)]
    [InlineData(@"\uDD8A fox", 0)]
    [InlineData(@"🦊\uD83E\uD83E\uDD8A", 2)]
    public void An_unpaired_surrogate_is_refused_with_its_position(string escaped, int position) =>
        Assert.Contains($"at position {position}", Refused(Plain with { Prompt = Regex.Unescape(escaped) }), StringComparison.Ordinal);

    [Fact]
    public void Three_images_are_accepted_and_a_fourth_is_refused()
    {
        string[] three = [.. Enumerable.Range(1, 3).Select(i => $"https://a.example/{i}.png")];

        Assert.Equal(three, RequestRules.Check(Plain with { ImageUrl = three }).ImageUrl!);
        Assert.Contains("at most 3", Refused(Plain with { ImageUrl = [.. three, "https://a.example/4.png"] }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://a.example/x.png")]
    [InlineData("HTTP://a.example:8080/x?y=z#f")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    [InlineData("DATA:image/jpeg;charset=x;base64,/9j/")]
    public void An_image_address_is_unchanged(string url) =>
        Assert.Equal([url], RequestRules.Check(Plain with { ImageUrl = [url] }).ImageUrl!);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("fox.png")]
    [InlineData("/srv/fox.png")]
    [InlineData("//a.example/fox.png")]
    [InlineData(@"C:\fox.png")]
    [InlineData("ftp://a.example/fox.png")]
    [InlineData("file:///srv/fox.png")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html;base64,PGI+")]
    [InlineData("data:image/png,raw")]
    [InlineData("https://")]
    public void A_text_that_is_not_an_image_address_is_refused(string? url) =>
        Assert.Contains("is not an image address", Refused(Plain with { ImageUrl = [url!] }), StringComparison.Ordinal);

    [Fact]
    public void An_address_with_an_unpaired_surrogate_is_refused()
    {
        Assert.Contains(
            "is not an image address", Refused(Plain with { ImageUrl = ["https://a.example/\uD800.png"] }), StringComparison.Ordinal);
        Assert.Contains(
            "is not an image address", Refused(Plain with { ImageUrl = ["data:image/png;base64,\uDC00"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_ratio_is_accepted_with_every_resolution()
    {
        Assert.Equal(14, ImageModel.AspectRatios.Count);
        Assert.Equal(4, ImageModel.Resolutions.Count);
        foreach (string ratio in ImageModel.AspectRatios)
        {
            foreach (string resolution in ImageModel.Resolutions)
            {
                ImageRequest request = Plain with { AspectRatio = ratio, Resolution = resolution };
                Assert.Equal(request, RequestRules.Check(request));
            }
        }
    }

    [Theory]
    [InlineData("16:10", "1:8, 1:4, 1:1, 2:3, 3:2, 3:4, 4:3, 4:5, 5:4, 8:1, 4:1, 9:16, 16:9, 21:9")]
    [InlineData("", "1:1")]
    public void An_unknown_ratio_is_refused_with_the_allowed_ones(string ratio, string allowed)
    {
        string message = Refused(Plain with { AspectRatio = ratio });

        Assert.Contains($"'{ratio}' is not a valid aspect ratio", message, StringComparison.Ordinal);
        Assert.Contains(allowed, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_resolution_or_modality_is_refused_with_the_allowed_ones()
    {
        Assert.Contains("Allowed: 0.5K, 1K, 2K, 4K", Refused(Plain with { Resolution = "8K" }), StringComparison.Ordinal);
        Assert.Contains("Allowed: Text, Image", Refused(Plain with { ResponseModality = ["Image", "Audio"] }), StringComparison.Ordinal);
        Assert.Contains("Allowed: Text, Image", Refused(Plain with { ResponseModality = [null!] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_get_the_spelling_of_the_provider()
    {
        ImageRequest request = RequestRules.Check(
            Plain with { Resolution = " 2k ", AspectRatio = " 16:9", ResponseModality = ["TEXT", "image", "Image"] });

        Assert.Equal("2K", request.Resolution);
        Assert.Equal("16:9", request.AspectRatio);
        Assert.Equal(["Text", "Image"], request.ResponseModality!);
    }

    [Fact]
    public void Empty_lists_become_null()
    {
        ImageRequest request = RequestRules.Check(Plain with { ImageUrl = [], ResponseModality = [] });

        Assert.Null(request.ImageUrl);
        Assert.Null(request.ResponseModality);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("modèle")]
    public void A_text_that_is_not_a_model_id_is_refused(string model) =>
        Assert.Contains("is not a model id", Refused(Plain with { Model = model }), StringComparison.Ordinal);

    private static string Refused(ImageRequest request)
    {
        var error = Assert.Throws<NanoBananaException>(() => RequestRules.Check(request));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        return error.Message;
    }
}
