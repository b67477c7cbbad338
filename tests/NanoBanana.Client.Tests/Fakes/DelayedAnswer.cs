namespace NanoBanana.Client.Tests.Fakes;

/// <summary>An answer that the test releases later. The request is sent when <see cref="Arrived"/> completes.</summary>
internal sealed class DelayedAnswer
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Answer> _released = new();

    public DelayedAnswer() => Answer = new Answer(TakesBody: true, async token =>
    {
        _arrived.TrySetResult();
        using CancellationTokenRegistration registration = token.Register(() => _released.TrySetCanceled(token));
        Answer answer = await _released.Task.ConfigureAwait(false);
        return await answer.Make(token).ConfigureAwait(false);
    });

    public Answer Answer { get; }

    public Task Arrived => _arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Release(Answer answer) => FakeClock.Inline(() => _released.TrySetResult(answer));
}
