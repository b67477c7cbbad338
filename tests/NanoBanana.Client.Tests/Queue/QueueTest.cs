namespace NanoBanana.Client.Tests.Queue;

/// <summary>Base class with a client that uses the queue dialect over a fake network.</summary>
public abstract class QueueTest : IDisposable
{
    private protected TestBench Bench { get; } = new(options => options with { Protocol = ApiProtocol.Queue, Random = () => 0.5 });

    public void Dispose()
    {
        Bench.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Creates a task that was accepted just now.</summary>
    private protected ImageTask CreateTask() =>
        Bench.CreateTask(QueueAnswer.Id) with { Model = "nano_banana_2", Protocol = ApiProtocol.Queue };

    /// <summary>Creates a task with a known id only.</summary>
    private protected ImageTask CreateTaskWithId() => Bench.Client.TaskById(QueueAnswer.Id, Bench.Observer);

    private protected IEnumerable<string> SentRequests => Bench.Api.Requests.Select(request => $"{request.Method} {request.Address}");

    private protected Task<ImageTask> WaitAsync(ImageTask task, double seconds = 600) =>
        Bench.Clock.RunAsync(Bench.WaitAsync(task, seconds));

    private protected Task<ImageTask> CancelAsync(ImageTask task) =>
        Bench.Clock.RunAsync(Bench.Client.CancelAsync(task, Bench.Observer, default));

    private protected static async Task<NanoBananaException> FailAsync(Task<ImageTask> work) =>
        await Assert.ThrowsAsync<NanoBananaException>(() => work);
}
