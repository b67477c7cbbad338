namespace NanoBanana.Client.Tests.Wire;

public sealed class ProviderErrorTests
{
    [Theory]
    [InlineData("5001095", "005001095", "Internal generation error")]
    [InlineData("5001096", "005001096", "Result parsing error")]
    [InlineData("5001097", "005001097", "HTTP error response")]
    [InlineData("5001098", "005001098", "Synchronous generation error")]
    [InlineData("\"005001095\"", "005001095", "Internal generation error")]
    [InlineData("\"5001095\"", "005001095", "Internal generation error")]
    [InlineData("7", "7", null)]
    [InlineData("110001", "110001", "The input image may contain sensitive content")]
    [InlineData("6002095", "006002095", "Internal generation error")]
    [InlineData("5001001", "5001001", null)]
    [InlineData("\"content_policy\"", "content_policy", null)]
    [InlineData("12345678901234567890", "12345678901234567890", null)]
    public void A_code_has_its_documented_form_and_its_meaning(string json, string code, string? meaning)
    {
        ImageTaskError error = ErrorOf($$"""{"code":{{json}},"error_message":"boom"}""")!;

        Assert.Equal(code, error.Code);
        Assert.Equal(meaning, error.Meaning);
        Assert.Equal("boom", error.Message);
        Assert.Equal(meaning is null ? $"{code} boom" : $"{code} {meaning}: boom", error.ToString());
    }

    [Theory]
    [InlineData("""{"code":5001095,"error_message":"boom"}""", "005001095", "boom")]
    [InlineData("""{"code":"bad_thing","message":"boom"}""", "bad_thing", "boom")]
    [InlineData("\"boom\"", null, "boom")]
    [InlineData("5001095", "005001095", "Internal generation error")]
    [InlineData("""{"code":5001095}""", "005001095", "Internal generation error")]
    [InlineData("{}", null, "The provider gave no reason.")]
    [InlineData("null", null, "The provider gave no reason.")]
    [InlineData("[]", null, "The provider gave no reason.")]
    [InlineData("\"\"", null, "The provider gave no reason.")]
    public void The_reason_of_a_failed_task_is_read_in_every_shape(string json, string? code, string message)
    {
        ImageTaskError error = ErrorOf(json)!;

        Assert.Equal(code, error.Code);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_failed_task_without_a_reason_has_an_error() =>
        Assert.Equal("The provider gave no reason.", Reading.Snapshot("""{"status":"failed"}""").Error!.Message);

    [Theory]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("\"\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("0")]
    [InlineData("""{"code":0,"error_message":""}""")]
    public void An_empty_error_on_a_completed_task_is_ignored(string json) =>
        Assert.Null(Reading.Snapshot($$"""{"status":"completed","error":{{json}}}""").Error);

    private static ImageTaskError? ErrorOf(string json) => Reading.Snapshot($$"""{"status":"failed","error":{{json}}}""").Error;
}
