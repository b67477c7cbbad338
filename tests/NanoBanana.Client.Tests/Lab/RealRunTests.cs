using System.Net;
using System.Text;
using NanoBanana.Lab.Polls;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>The parts of the real run of <c>polls</c> that need no clock.</summary>
public sealed class RealRunTests
{
    [Theory]
    [InlineData("""{"id":"t","progress":0.37,"status":"in_progress"}""", """{"id":"t","status":"in_progress"}""")]
    [InlineData("""{"progress": 0.37, "id":"t"}""", """{ "id":"t"}""")]
    [InlineData("""{"id":"t","progress":0}""", """{"id":"t"}""")]
    [InlineData("""{"id":"t","text":"progress"}""", """{"id":"t","text":"progress"}""")]
    public async Task Progress_is_removed_from_an_answer(string answer, string expected)
    {
        using var http = new HttpClient(new WithoutProgress(new Fixed(answer)));

        Assert.Equal(expected, await http.GetStringAsync(new Uri("https://api.example/")));
    }

    [Fact]
    public void The_standard_error_is_the_one_of_the_mean()
    {
        var outcome = new Outcome();
        foreach (int i in new[] { 1, 2, 3, 4 })
            outcome.Add(i, 10 * i);

        // The sample standard deviation of 1 to 4 is the square root of 5/3.
        Assert.Equal(Math.Sqrt(5.0 / 3 / 4), outcome.PollsError, 9);
        Assert.Equal(10 * outcome.PollsError, outcome.DelayError, 9);
    }

    private sealed class Fixed(string answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(answer, Encoding.UTF8, "application/json"),
            });
    }
}
