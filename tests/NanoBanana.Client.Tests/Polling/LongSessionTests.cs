using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Polling;

/// <summary>A session that polls for a day. No other tests run at the same time, because it measures the memory of the process.</summary>
[Collection(nameof(LongSessionTests))]
[CollectionDefinition(nameof(LongSessionTests), DisableParallelization = true)]
public sealed class LongSessionTests : IDisposable
{
    private const int TasksAtAnyTime = 4;

    /// <summary>In bytes, for half a day with its 690 short tasks. A leak per wait would be more than 300.</summary>
    private const long Tolerance = 200 * 1024;

    private readonly FakeClock _clock = new();
    private readonly BusyService _service = new();
    private readonly NanoBananaClient _client;

    /// <summary>One source for all waits, like in a command: leaked registrations accumulate on it.</summary>
    private readonly CancellationTokenSource _stop = new();

    public LongSessionTests() => _client = new NanoBananaClient(new NanoBananaClientOptions
    {
        ApiKey = new ApiKey(TestBench.Key), Endpoint = new Uri("https://api.example/"), Time = _clock, Random = () => 0.5,
        ApiHandler = _service,
    });

    public void Dispose()
    {
        _client.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_day_of_polling_does_not_increase_memory()
    {
        var day = TimeSpan.FromHours(24);
        Task<ImageTask>[] long24 = [.. Enumerable.Range(0, TasksAtAnyTime).Select(i => WaitAsync($"long{i}", day))];
        var brief = new Queue<Task<ImageTask>>();
        var held = new List<long>();
        for (int minute = 0; minute < 24 * 60; minute++)
        {
            if (minute is 60 or 750)
                held.Add(GC.GetTotalMemory(forceFullCollection: true));
            brief.Enqueue(WaitAsync($"brief{minute}", TimeSpan.FromMinutes(10)));
            for (int second = 0; second < 60; second++)
                _clock.Step(1);
            // Waits for the end. Otherwise work that waits for a pool thread would count as leaked.
            if (brief.Count > 10)
                Assert.Equal(ImageTaskStatus.Completed, (await brief.Dequeue()).Status);
        }
        held.Add(GC.GetTotalMemory(forceFullCollection: true));

        // A leak grows in both halves. A buffer that the runtime allocates once grows in one half only.
        Assert.True(
            Math.Min(held[1] - held[0], held[2] - held[1]) < Tolerance,
            $"{held[1] - held[0]}, then {held[2] - held[1]} bytes more, with {_service.Polls} polls in all.");
        Assert.True(_service.Polls > 5_000, $"{_service.Polls} polls");
        _clock.Step(60);
        foreach (Task<ImageTask> wait in long24)
            Assert.Equal(NanoBananaErrorKind.TaskTimeout, (await Assert.ThrowsAsync<NanoBananaException>(() => wait)).Kind);
    }

    private Task<ImageTask> WaitAsync(string id, TimeSpan timeout)
    {
        var task = new ImageTask
        {
            Id = id, Status = ImageTaskStatus.Running, CreatedAt = _clock.GetUtcNow(), AcceptedTimestamp = _clock.GetTimestamp(),
        };
        return _client.WaitAsync(task, timeout, NullObserver.Instance, _stop.Token);
    }

    /// <summary>
    /// Short tasks end at their third poll and the others keep running. Every tenth answer is an error. It records no requests.
    /// </summary>
    private sealed class BusyService : HttpMessageHandler
    {
        private readonly Dictionary<string, int> _brief = [];

        public int Polls { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string id = request.RequestUri!.Segments[^1];
            Polls++;
            if (Polls % 10 == 0)
                return await (Polls % 20 == 0 ? Answer.Status(502, "<html>") : Answer.Reset).Make(cancellationToken).ConfigureAwait(false);
            bool ends = id.StartsWith("brief", StringComparison.Ordinal) && Count(id) == 3;
            return await (ends ? Answer.Completed(id: id) : Answer.Running(id)).Make(cancellationToken).ConfigureAwait(false);
        }

        private int Count(string id)
        {
            int count = _brief[id] = _brief.GetValueOrDefault(id) + 1;
            if (count == 3)
                _brief.Remove(id);
            return count;
        }
    }

    private sealed class NullObserver : IClientObserver
    {
        public static readonly NullObserver Instance = new();

        public bool TracesRequests => false;

        public void OnRequest(RequestTrace trace)
        {
        }

        public void OnEvent(ClientEvent what)
        {
        }

        public void OnWarning(string message)
        {
        }
    }
}
