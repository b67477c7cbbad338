using NanoBanana.Client.Purchases;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Submitting;

public sealed class SubmissionRunTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly SubmissionRun _run;

    public SubmissionRunTests() => _run = _bench.Client.StartRun();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(401, NanoBananaErrorKind.ApiKeyRejected)]
    [InlineData(402, NanoBananaErrorKind.NotPermitted)]
    [InlineData(403, NanoBananaErrorKind.NotPermitted)]
    public async Task A_refused_key_or_account_ends_submitting(int status, NanoBananaErrorKind kind)
    {
        _bench.Api.Script(Answer.Accepted("t1"), Answer.Status(status));

        Assert.Equal("t1", (await SubmitAsync())!.Id);
        Assert.Null(await SubmitAsync());
        Assert.Null(await SubmitAsync());

        Assert.Equal(kind, _run.StopReason!.Kind);
        Assert.Equal(2, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task Ten_unknown_fates_in_a_row_end_submitting()
    {
        _bench.Api.Otherwise = _ => Answer.Reset;

        for (int i = 1; i <= 10; i++)
        {
            Assert.Null(_run.StopReason);
            await FailAsync(NanoBananaErrorKind.SubmissionUnknown);
        }

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, _run.StopReason!.Kind);
        Assert.Contains("10 submits in a row", _run.StopReason.Message, StringComparison.Ordinal);
        Assert.Null(await SubmitAsync());
        Assert.Equal(10, _bench.Api.Requests.Count);
    }

    [Fact]
    public async Task A_success_begins_the_count_again()
    {
        _bench.Api.Script([.. Enumerable.Repeat(Answer.Reset, 9), Answer.Accepted(), .. Enumerable.Repeat(Answer.Reset, 9), Answer.Accepted()]);

        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 9; i++)
                await FailAsync(NanoBananaErrorKind.SubmissionUnknown);
            Assert.NotNull(await SubmitAsync());
        }

        Assert.Null(_run.StopReason);
    }

    [Theory]
    [InlineData(400, NanoBananaErrorKind.InvalidRequest)]
    [InlineData(500, NanoBananaErrorKind.SubmissionUnknown)]
    public async Task One_bad_request_does_not_end_submitting(int status, NanoBananaErrorKind kind)
    {
        _bench.Api.Script(Answer.Status(status), Answer.Accepted("t2"));

        await FailAsync(kind);

        Assert.Equal("t2", (await SubmitAsync())!.Id);
    }

    [Fact]
    public async Task Submits_on_their_way_when_it_ends_keep_their_tasks()
    {
        var held = new HeldAnswer();
        _bench.Api.Script(held.Answer, Answer.Status(401));
        Task<ImageTask?> first = SubmitAsync();
        await held.Arrived;

        Assert.Null(await SubmitAsync());
        held.Release(Answer.Accepted("t1"));

        Assert.Equal("t1", (await first)!.Id);
    }

    private Task<ImageTask?> SubmitAsync() => _run.SubmitAsync(new ImageRequest { Prompt = "a red fox" }, _bench.Observer, default);

    private async Task FailAsync(NanoBananaErrorKind kind) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<NanoBananaException>(SubmitAsync)).Kind);
}
