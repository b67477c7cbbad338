using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using NanoBanana.Client;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Lab.Polls;

/// <summary>
/// Runs all schedules at the same time with a real clock and real sockets, and compares them with their simulation. All have the same
/// completion times. The emulator's clock measures the acceptance and the polls of a task. Its prompt sets its duration.
/// </summary>
internal sealed class RealRun : IDisposable
{
    /// <summary>The number of first tasks, which are not measured. Our schedule learns from them.</summary>
    private const int Learned = 100;

    private readonly ConcurrentDictionary<string, (int Polls, DateTimeOffset Last)> _polls = new(StringComparer.Ordinal);
    private readonly EmulatorServer _emulator;
    private readonly HttpClient _http;
    private readonly NanoBananaClient _byAge;
    private readonly NanoBananaClient _byProgress;
    private readonly double[] _durations;
    private readonly int _seed;
    private readonly (string Name, Func<string, Task> Run, Func<Outcome> Simulate)[] _schedules;

    /// <param name="distribution">The distribution of the completion times.</param>
    /// <param name="tasks">The number of measured tasks.</param>
    /// <param name="seed">Repeats the same times.</param>
    public RealRun(Distribution distribution, int tasks, int seed)
    {
        _seed = seed;
        var random = new Random(seed);
        // The prompt has three decimals.
        _durations = [.. Enumerable.Range(0, Learned + tasks).Select(_ => Math.Round(distribution.Draw(random), 3))];
        _emulator = EmulatorServer.Start(new EmulatorOptions { FaultScript = Watch });
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = _emulator.Endpoint };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _emulator.GetApiKey());
        _byAge = Connect(new WithoutProgress(new SocketsHttpHandler { UseProxy = false, UseCookies = false }));
        _byProgress = Connect(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        _schedules =
        [
            Rival("fixed 1 s", () => Rivals.Fixed(1)),
            Rival("fixed 3 s", () => Rivals.Fixed(3)),
            Rival("fixed 5 s", () => Rivals.Fixed(5)),
            Rival("back-off to 30 s", Rivals.BackOff),
            Ours("ours", _byAge, report: null),
            Ours("ours, with progress", _byProgress, ProgressReports.Honest),
        ];
    }

    public static IReadOnlyList<string> Head { get; } =
    [
        "schedule", "polls", "simulated", "delay, s", "simulated", "95th, s", "polls x delay", "polls apart, errors", "delay apart, errors",
    ];

    /// <param name="pace">The time from one task to the next.</param>
    /// <returns>A line for each schedule, and the demands on the difference from the simulation.</returns>
    public async Task<(IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<Demand> Demands)> RunAsync(TimeSpan pace)
    {
        List<Task> running = [];
        using var timer = new PeriodicTimer(pace);
        for (int task = 0; task < _durations.Length; task++)
        {
            if (task % 100 == 0)
                Report.Progress($"task {task} of {_durations.Length}");
            for (int schedule = 0; schedule < _schedules.Length; schedule++)
                running.Add(_schedules[schedule].Run(PromptOf(schedule, task)));
            await timer.WaitForNextTickAsync();
        }
        await Task.WhenAll(running);

        Outcome[] outcomes = [.. _schedules.Select(_ => new Outcome())];
        foreach (EmulatorTask task in _emulator.Tasks)
        {
            string[] words = task.Prompt.Split(' ');
            int schedule = int.Parse(words[1], CultureInfo.InvariantCulture), number = int.Parse(words[2], CultureInfo.InvariantCulture);
            (int polls, DateTimeOffset last) = _polls[task.Id];
            if (number >= Learned)
                outcomes[schedule].Add(polls, (last - task.AcceptedAt).TotalSeconds - _durations[number]);
        }
        return Compare(outcomes);
    }

    public void Dispose()
    {
        _byAge.Dispose();
        _byProgress.Dispose();
        _http.Dispose();
        _emulator.Dispose();
    }

    private (IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<Demand> Demands) Compare(Outcome[] outcomes)
    {
        List<IReadOnlyList<string>> rows = [];
        List<Demand> demands = [];
        for (int i = 0; i < outcomes.Length; i++)
        {
            (Outcome real, Outcome simulated) = (outcomes[i], _schedules[i].Simulate());
            double polls = (real.Polls - simulated.Polls) / real.PollsError, delay = (real.Delay - simulated.Delay) / real.DelayError;
            double[] cells = [real.Polls, simulated.Polls, real.Delay, simulated.Delay, real.Delay95, real.Product, polls, delay];
            rows.Add([_schedules[i].Name, .. cells.Select(cell => cell.ToString("0.00", CultureInfo.InvariantCulture))]);
            demands.Add(new($"{_schedules[i].Name}: polls apart from the simulation, in standard errors", Math.Abs(polls), 3));
            demands.Add(new($"{_schedules[i].Name}: delay apart from the simulation, in standard errors", Math.Abs(delay), 3));
        }
        return (rows, demands);
    }

    private EmulatorFault? Watch(EmulatorRequest request)
    {
        if (request.Operation == EmulatorOperation.Poll)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            _polls.AddOrUpdate(request.TaskId, (1, now), (_, before) => (before.Polls + 1, now));
        }
        return null;
    }

    private string PromptOf(int schedule, int task) =>
        string.Create(CultureInfo.InvariantCulture, $"[seconds:{_durations[task]:0.000}] {schedule} {task}");

    private NanoBananaClient Connect(HttpMessageHandler network) => new(new NanoBananaClientOptions
    {
        ApiKey = new ApiKey(_emulator.GetApiKey()),
        Endpoint = _emulator.Endpoint,
        ApiHandler = network,
    });

    private (string, Func<string, Task>, Func<Outcome>) Ours(
        string name, NanoBananaClient client, Func<double, double, double?>? report) => (name, async prompt =>
    {
        ImageTask accepted = await client.SubmitAsync(new ImageRequest { Prompt = prompt }, NullObserver.Instance, CancellationToken.None);
        await client.WaitAsync(accepted, TimeSpan.FromHours(1), NullObserver.Instance, CancellationToken.None);
    }, () =>
    {
        // The number of sessions is large, so that only the real run adds noise.
        var outcome = new Outcome();
        for (int session = 0; session < 40; session++)
        {
            var simulated = new SimulatedSession(new Random(_seed + session), report);
            foreach (double duration in _durations.Take(Learned))
                simulated.Learn(duration);
            foreach (double duration in _durations.Skip(Learned))
                simulated.LearnInto(outcome, duration);
        }
        return outcome;
    });

    private (string, Func<string, Task>, Func<Outcome>) Rival(string name, Func<IEnumerable<double>> schedule) => (name, async prompt =>
    {
        var body = new { model = "nano_banana_2", input = new[] { new { @params = new { prompt } } } };
        using HttpResponseMessage accepted = await _http.PostAsJsonAsync("model/v1/generation", body);
        string id = (await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        long start = TimeProvider.System.GetTimestamp();
        foreach (double age in schedule())
        {
            TimeSpan wait = TimeSpan.FromSeconds(age) - TimeProvider.System.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            JsonElement polled = await _http.GetFromJsonAsync<JsonElement>($"model/v1/generation/task/{id}");
            if (polled.GetProperty("status").GetString() == "completed")
                return;
        }
    }, () => Rivals.Run(schedule, _durations.Skip(Learned)));
}
