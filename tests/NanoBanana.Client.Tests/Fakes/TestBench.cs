using NanoBanana.Client.Files;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>A client with a fake network and a fake clock. Its jitter is zero.</summary>
internal sealed class TestBench : IDisposable
{
    public const string Key = "sk-test-0123456789abcdef-WXYZ";

    public TestBench(Func<NanoBananaClientOptions, NanoBananaClientOptions>? change = null)
    {
        Api = new FakeNetwork(Clock);
        Downloads = new FakeNetwork(Clock);
        var options = new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(Key),
            Endpoint = new Uri("https://api.example/"),
            Time = Clock,
            Random = () => 0,
            ApiHandler = Api,
            DownloadHandler = Downloads,
        };
        Client = new NanoBananaClient(change?.Invoke(options) ?? options);
    }

    public FakeClock Clock { get; } = new();

    public FakeNetwork Api { get; }

    public FakeNetwork Downloads { get; }

    public RecordingObserver Observer { get; } = new();

    public NanoBananaClient Client { get; }

    /// <summary>Creates a task that was accepted just now.</summary>
    public ImageTask CreateTask(string id = "task1") => new()
    {
        Id = id,
        Status = ImageTaskStatus.Running,
        Prompt = "a red fox",
        CreatedAt = Clock.GetUtcNow(),
        AcceptedTimestamp = Clock.GetTimestamp(),
    };

    /// <summary>Creates a completed task with images at the given addresses.</summary>
    public static ImageTask CreateCompletedTask(params string[] urls) => new()
    {
        Id = "task1",
        Status = ImageTaskStatus.Completed,
        Prompt = "a red fox",
        Image = [.. urls.Select(u => new ImageOutput { Url = new Uri(u) })],
    };

    public Task<ImageTask> SubmitAsync(string prompt = "a red fox", CancellationToken stop = default) =>
        Client.SubmitAsync(new ImageRequest { Prompt = prompt }, Observer, stop);

    /// <summary>Submits, advances the clock and returns the expected error.</summary>
    public async Task<NanoBananaException> FailToSubmitAsync() =>
        await Assert.ThrowsAsync<NanoBananaException>(() => Clock.RunAsync(SubmitAsync()));

    public Task<ImageTask> WaitAsync(ImageTask task, double seconds = 600, CancellationToken stop = default) =>
        Client.WaitAsync(task, TimeSpan.FromSeconds(seconds), Observer, stop);

    public Task<ImageTask> GetAsync(ImageTask task, CancellationToken stop = default) => Client.GetAsync(task, Observer, stop);

    public Task<SavedImage> SaveAsync(ImageTask task, ImageTarget target, int imageNumber = 0, CancellationToken stop = default) =>
        Client.SaveAsync(task, imageNumber, target, Observer, stop);

    public void Dispose() => Client.Dispose();
}
