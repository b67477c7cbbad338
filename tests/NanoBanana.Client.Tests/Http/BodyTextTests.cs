using System.Text;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Http;

/// <summary>What -Debug shows of a body.</summary>
public sealed class BodyTextTests
{
    [Fact]
    public void The_data_of_an_image_is_counted_in_place_of_shown() =>
        Assert.Equal("""{"image":"data:image/png;base64,(8 characters)"}""", Show("""{"image":"data:image/png;base64,AAAABBBB"}"""));

    [Fact]
    public void It_is_short_and_does_nothing_to_a_terminal()
    {
        string shown = Show("\u001B[2J" + new string('x', 100_000));

        Assert.InRange(shown.Length, 3000, 4000);
        Assert.DoesNotContain('\u001B', shown);
    }

    [Fact]
    public async Task A_body_that_only_begins_images_is_shown_at_once()
    {
        string endless = string.Concat(Enumerable.Repeat("data:image/", 700_000));

        await Task.Run(() => Show(endless)).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static string Show(string body) => new BodyText(Encoding.UTF8.GetBytes(body)).ToString();
}
