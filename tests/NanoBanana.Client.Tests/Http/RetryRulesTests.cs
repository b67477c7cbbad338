using NanoBanana.Client.Http;
using NanoBanana.Client.Retries;

namespace NanoBanana.Client.Tests.Http;

public sealed class RetryRulesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(1000, 30)]
    [InlineData(int.MaxValue, 30)]
    public void The_back_off_is_full_jitter_under_a_cap_that_doubles(int failures, double cap)
    {
        Assert.Equal(TimeSpan.Zero, RetryRules.Backoff(failures, null, 0));
        Assert.Equal(cap / 2, RetryRules.Backoff(failures, null, 0.5).TotalSeconds, 6);
        Assert.True(RetryRules.Backoff(failures, null, 0.999999) < TimeSpan.FromSeconds(cap));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Retry_After_is_a_floor_with_up_to_a_second_of_jitter(int failures)
    {
        var floor = TimeSpan.FromSeconds(40);

        Assert.Equal(floor, RetryRules.Backoff(failures, floor, 0));
        Assert.InRange(RetryRules.Backoff(failures, floor, 0.999999), floor, floor + TimeSpan.FromSeconds(1));
    }

    /// <summary>A submission is either sent again, unknown or rejected. Never are two of these true.</summary>
    [Fact]
    public void A_submission_that_may_have_been_accepted_is_never_sent_again()
    {
        foreach (TimeSpan? retryAfter in new TimeSpan?[] { null, TimeSpan.Zero, TimeSpan.FromSeconds(5) })
        {
            for (int status = 300; status < 600; status++)
            {
                var exchange = new Exchange { Reply = new WireReply(status, []) { RetryAfter = retryAfter }, BodySent = true };
                bool again = RetryRules.MaySubmitAgain(exchange);
                Assert.False(again && RetryRules.IsOutcomeUnknown(exchange), $"{status}");
                Assert.Equal(status == 429 || (status == 503 && retryAfter is not null), again);
            }
        }
        foreach (ExchangeFailure failure in Enum.GetValues<ExchangeFailure>())
        {
            Assert.False(RetryRules.MaySubmitAgain(new Exchange { Failure = failure, BodySent = true }));
            Assert.True(RetryRules.IsOutcomeUnknown(new Exchange { Failure = failure, BodySent = true }));
            // A permanent failure is final, and nothing was bought.
            bool isFinal = failure is ExchangeFailure.Certificate or ExchangeFailure.ProxyRefusal;
            Assert.Equal(!isFinal, RetryRules.MaySubmitAgain(new Exchange { Failure = failure, BodySent = false }));
            Assert.False(RetryRules.IsOutcomeUnknown(new Exchange { Failure = failure, BodySent = false }));
        }
    }

    [Fact]
    public async Task A_body_is_sent_once()
    {
        using var content = new OnceContent(new WireCall(HttpMethod.Post, "/", [1, 2, 3]));
        Assert.False(content.WasSent);

        await content.CopyToAsync(Stream.Null);

        Assert.True(content.WasSent);
        await Assert.ThrowsAsync<HttpRequestException>(() => content.CopyToAsync(Stream.Null));
    }
}
