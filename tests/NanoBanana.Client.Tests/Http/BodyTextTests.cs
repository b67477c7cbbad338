using System.Text;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Http;

/// <summary>The text of a body for -Debug.</summary>
public sealed class BodyTextTests
{
    [Fact]
    public void The_image_data_in_a_body_is_replaced_by_its_length() =>
        Assert.Equal("""{"image":"data:image/png;base64,(8 characters)"}""", Show("""{"image":"data:image/png;base64,AAAABBBB"}"""));

    [Fact]
    public void A_shown_body_is_short_and_contains_no_terminal_sequences()
    {
        string shown = Show("\u001B[2J" + new string('x', 100_000));

        Assert.InRange(shown.Length, 3000, 4000);
        Assert.DoesNotContain('\u001B', shown);
    }

    [Fact]
    public async Task A_body_with_many_starts_of_image_data_is_shown_quickly()
    {
        string endless = string.Concat(Enumerable.Repeat("data:image/", 700_000));

        await Task.Run(() => Show(endless)).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static string Show(string body) => new BodyText(Encoding.UTF8.GetBytes(body)).ToString();
}
