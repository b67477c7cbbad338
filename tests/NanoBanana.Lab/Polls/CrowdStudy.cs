using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using NanoBanana.Client;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Lab.Polls;

/// <summary>Many concurrent waits with the client and its poller, on a fake clock and a fake network.</summary>
internal sealed class CrowdStudy
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    /// <param name="durations">The durations of the tasks, in seconds. All are accepted at the same time.</param>
    /// <param name="length">The simulated time, in seconds.</param>
    /// <param name="seed">Repeats the same numbers.</param>
    public CrowdStudy(IReadOnlyList<double> durations, double length, int seed)
    {
        // Without a context, a step of the clock runs its continuations immediately.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var random = new Random(seed);
        var clock = new FakeTimeProvider();
        var service = new Service(clock, durations);
        using var client = new NanoBananaClient(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey("simulated-key"),
            Endpoint = new Uri("https://api.example/"),
            Time = clock,
            Random = random.NextDouble,
            ApiHandler = service,
        });
        for (int id = 0; id < durations.Count; id++)
        {
            // The fake service answers immediately, so this does not block.
            Task<ImageTask> submission =
                client.SubmitAsync(new ImageRequest { Prompt = "a red fox" }, NullObserver.Instance, CancellationToken.None);
            ImageTask accepted = submission.GetAwaiter().GetResult();
            _ = client.WaitAsync(accepted, TimeSpan.FromHours(1), NullObserver.Instance, CancellationToken.None);
        }
        while (service.Now < length)
            clock.Advance(Step);
        SynchronizationContext.SetSynchronizationContext(context);
        Polls = service.Polls;
        LongestSilence = service.LongestSilence;
        Delays = [.. service.Delays.Values];
    }

    /// <summary>The time of each poll, in seconds.</summary>
    public IReadOnlyList<double> Polls { get; }

    /// <summary>The longest time between two polls of a task, in seconds.</summary>
    public double LongestSilence { get; }

    /// <summary>The time between the end of each task and the poll that reported it, in seconds.</summary>
    public IReadOnlyList<double> Delays { get; }

    /// <summary>The largest number of polls in any interval of this number of seconds.</summary>
    public int MostIn(double seconds, double from = 0)
    {
        int most = 0;
        int first = 0;
        for (int last = 0; last < Polls.Count; last++)
        {
            while (Polls[first] <= Polls[last] - seconds || Polls[first] < from)
                first = Math.Min(first + 1, last + 1);
            most = Math.Max(most, last - first + 1);
        }
        return most;
    }

    private sealed class Service(FakeTimeProvider clock, IReadOnlyList<double> durations) : HttpMessageHandler
    {
        private readonly long _start = clock.GetTimestamp();
        private readonly Dictionary<int, double> _last = [];
        private int _accepted;

        public double Now => clock.GetElapsedTime(_start).TotalSeconds;

        public List<double> Polls { get; } = [];

        public double LongestSilence { get; private set; }

        public Dictionary<int, double> Delays { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Post)
                return Answer($$"""{"id":"{{_accepted++}}","status":"pending"}""");
            Polls.Add(Now);
            int task = int.Parse(request.RequestUri!.Segments[^1], CultureInfo.InvariantCulture);
            if (_last.TryGetValue(task, out double last))
                LongestSilence = Math.Max(LongestSilence, Now - last);
            _last[task] = Now;
            bool ended = Now >= durations[task];
            string status = ended ? "completed" : "in_progress";
            if (ended)
                Delays.Add(task, Now - durations[task]);
            await Task.Delay(RoundTrip, clock, cancellationToken).ConfigureAwait(false);
            return Answer($$"""{"id":"t","status":"{{status}}"}""");
        }

        private static HttpResponseMessage Answer(string json) =>
            new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
    }
}
