using System.Collections.Concurrent;
using NanoBanana.Emulator.Images;
using NanoBanana.Emulator.Wire;

namespace NanoBanana.Emulator.Provider;

/// <summary>All accepted tasks. New ones have random ids, durations and failures.</summary>
/// <remarks>
/// The random values depend on the seed, the request, and the number of equal requests before it. They do not depend on the order
/// of different requests, so a concurrent run can be repeated exactly.
/// </remarks>
internal sealed class TaskStore(EmulatorOptions options)
{
    private const string IdLetters = "0123456789abcdefghijklmnopqrstuv";
    private const int IdLength = 20;

    private readonly ConcurrentDictionary<string, ProviderTask> _tasks = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ProviderTask> _order = new();
    private readonly ConcurrentDictionary<ulong, int> _requests = new();

    /// <param name="parameters">The parameters of the request.</param>
    /// <param name="directives">The directives of the prompt.</param>
    /// <param name="protocol">See <see cref="EmulatorTask.Protocol"/>.</param>
    /// <param name="idPrefix">The start of its id.</param>
    /// <exception cref="ApiRefusalException">400: an input image has a refused form.</exception>
    public ProviderTask Accept(GenerationParameters parameters, PromptDirectives directives, string protocol, string idPrefix = "")
    {
        if (options.RefusedImageForms is { Count: > 0 } refused)
            ImageUrls.CheckForms(parameters.ImageUrls, refused);
        ulong fingerprint = parameters.Fingerprint();
        while (true)
        {
            int ordinal = _requests.AddOrUpdate(fingerprint, 0, static (_, last) => last + 1);
            var random = SeededRandom.Of(options.Seed, fingerprint, ordinal);
            string id = idPrefix + DrawId(ref random);
            TimeSpan duration = DrawDuration(parameters.Resolution, ref random);
            int? failure = DrawFailure(ref random);
            var task = new ProviderTask(id, parameters, directives, options.TimeProvider)
            {
                Protocol = protocol,
                Shape = directives.Shape ?? options.ResultShape,
                Fingerprint = fingerprint,
                Duration = directives.Duration ?? duration,
                FailureCode = directives.FailureCode ?? failure,
            };
            if (!_tasks.TryAdd(task.Id, task))
                continue;
            _order.Enqueue(task);
            return task;
        }
    }

    public ProviderTask? Find(string id) => _tasks.TryGetValue(id, out var task) ? task : null;

    /// <summary>The task with this id in a dialect, or null.</summary>
    public ProviderTask? Find(string id, string protocol) => Find(id) is { } task && task.Protocol == protocol ? task : null;

    /// <summary>Snapshots of all tasks, in the order of acceptance.</summary>
    public IReadOnlyList<EmulatorTask> Snapshot() => [.. _order.Select(static task => task.Snapshot())];

    public void ReleaseAll()
    {
        foreach (var task in _order)
            task.Release();
    }

    /// <summary>
    /// The duration of a task. It is lognormal, because the durations of such services have a long right tail. Sigma is 0.35, so
    /// 90 of 100 tasks take 0.56 to 1.78 medians.
    /// </summary>
    private TimeSpan DrawDuration(string resolution, ref SeededRandom random) =>
        TimeSpan.FromSeconds(ImageSizes.MedianSeconds(resolution) * Math.Exp(0.35 * random.NextNormal()) * options.TimeScale);

    /// <summary>The code of a random failure, or null.</summary>
    private int? DrawFailure(ref SeededRandom random)
    {
        bool fails = random.NextDouble() < options.FailureRate;
        int code = ProviderTask.FailureCodes[random.Next() % (ulong)ProviderTask.FailureCodes.Length];
        return fails ? code : null;
    }

    private static string DrawId(ref SeededRandom random)
    {
        var letters = new char[IdLength];
        ulong bits = 0;
        for (int i = 0; i < letters.Length; i++)
        {
            // A letter needs five bits, so one number is enough for twelve letters.
            bits = i % 12 == 0 ? random.Next() : bits >> 5;
            letters[i] = IdLetters[(int)(bits & 31)];
        }

        return new string(letters);
    }
}
