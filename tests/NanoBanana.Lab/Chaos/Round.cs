using System.Diagnostics;
using System.Globalization;

namespace NanoBanana.Lab.Chaos;

/// <summary>One run of all prompts and its outcomes.</summary>
/// <param name="Outcomes">The outcome of each prompt: the hash of its file, or the ErrorId.</param>
/// <param name="Report">The numbers of the run.</param>
internal sealed record Round(IReadOnlyDictionary<string, string> Outcomes, ChaosReport Report)
{
    /// <summary>Maximum number of bytes that a prompt leaves in memory. A task that is still referenced takes more.</summary>
    private const long BytesLeftOfTask = 200;

    /// <summary>Maximum number of bytes for caches of the engine, the runtime and SQLite, for any number of prompts.</summary>
    private const long BytesLeftOfRun = 3 * 1024 * 1024;

    private static readonly string[] NothingBought =
        ["RateLimited", "ServiceUnavailable", "ConnectionFailed", "InvalidResponse", "InvalidRequest"];

    public static IReadOnlyList<string> Prompts(int count) => [.. Enumerable.Range(0, count).Select(i => $"image {i}: a fox on a bicycle")];

    /// <exception cref="LabException">A promise is broken.</exception>
    public static async Task<Round> RunAsync(bool withJournal, ChaosOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("nanobanana-chaos-").FullName;
        EmulatorFaultKind[] final = [EmulatorFaultKind.Unauthorized, EmulatorFaultKind.Forbidden, EmulatorFaultKind.NotFound];
        IEnumerable<EmulatorFaultKind> kinds = Enum.GetValues<EmulatorFaultKind>().Except(final);
        using var emulator = EmulatorServer.Start(new EmulatorOptions
        {
            ApiKey = "chaos-harness-key-0815",
            Seed = options.Seed,
            TimeScale = 0.02,
            FaultRate = options.Rate,
            FaultKinds = options.Stalls ? [.. kinds] : null,
        });
        var clock = Stopwatch.StartNew();
        IReadOnlyList<string[]> lines = await PipelineProcess.RunAsync(emulator, folder, withJournal, options);
        clock.Stop();
        foreach (IGrouping<string, string[]> same in lines.Where(line => line[0] == "error").GroupBy(line => line[2]))
            options.Progress($"{same.Key}, for example: {same.First()[3]}");
        Dictionary<string, string> outcomes = ReadOutcomes(lines, emulator);
        CheckPurchases(outcomes, emulator, options.Tasks);
        CheckFolder(folder, lines);
        EmulatorCounters counters = emulator.Counters;
        var report = new ChaosReport
        {
            Round = $"{options.Protocol}, journal {(withJournal ? "on" : "off")}",
            Seconds = clock.Elapsed.TotalSeconds,
            Submits = counters.CreatesReceived,
            Polls = counters.Polls,
            Downloads = counters.Downloads,
            Faults = counters.Faults,
            Bought = emulator.Tasks.Count,
            Outcomes = Describe(outcomes.Values),
            MemoryLeft = MemoryLeft(lines, options.Tasks),
        };
        string faults = string.Join(", ", counters.FaultsByKind.Select(fault => $"{fault.Key} {fault.Value}"));
        options.Progress($"{report.Round}: the faults were {faults}");
        Directory.Delete(folder, recursive: true);
        return new Round(outcomes, report);
    }

    private static string Describe(IEnumerable<string> outcomes) => string.Join(", ", outcomes
        .GroupBy(outcome => outcome.Length == 64 ? "saved" : outcome)
        .OrderBy(same => same.Key, StringComparer.Ordinal)
        .Select(same => $"{same.Key} {same.Count()}"));

    /// <summary>Checks that every prompt has one outcome: a complete file or an error.</summary>
    private static Dictionary<string, string> ReadOutcomes(IReadOnlyList<string[]> lines, EmulatorServer emulator)
    {
        Dictionary<string, string> ids =
            emulator.Tasks.GroupBy(task => task.Prompt).ToDictionary(same => same.Key, same => same.First().Id);
        Dictionary<string, string> outcomes = [];
        foreach (string[] line in lines.Where(line => line[0] is "saved" or "error"))
        {
            string prompt = line[1];
            string outcome = line[0] == "saved" ? HashOf(line[2], emulator.ImageOf(ids[prompt])) : line[2].Split(',')[0];
            if (!outcomes.TryAdd(prompt, outcome))
                throw new LabException($"'{prompt}' has two outcomes: {outcomes[prompt]} and {outcome}.");
        }
        return outcomes;
    }

    /// <summary>Checks that no accepted request was bought again, and that errors are right about whether it was bought.</summary>
    private static void CheckPurchases(Dictionary<string, string> outcomes, EmulatorServer emulator, int tasks)
    {
        IReadOnlyDictionary<string, int> bought = emulator.CountByPrompt();
        foreach (string prompt in Prompts(tasks))
        {
            int times = bought.GetValueOrDefault(prompt);
            if (!outcomes.TryGetValue(prompt, out string? outcome))
                throw new LabException($"'{prompt}' has no outcome.");
            if (times > 1 || (outcome.Length == 64 && times == 0))
                throw new LabException($"'{prompt}' was bought {times} times and ended as {outcome}.");
            if (times == 1 && NothingBought.Contains(outcome))
                throw new LabException($"'{prompt}' was bought, but its error {outcome} means that it was not.");
        }
    }

    private static string HashOf(string file, byte[] whole)
    {
        byte[] onDisk = File.ReadAllBytes(file);
        return onDisk.AsSpan().SequenceEqual(whole)
            ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(onDisk))
            : throw new LabException($"'{file}' has {onDisk.Length} bytes, but it must be the image of {whole.Length} bytes.");
    }

    private static void CheckFolder(string folder, IReadOnlyList<string[]> lines)
    {
        int files = Directory.GetFiles(folder, "*")
            .Count(file => !Path.GetFileName(file).StartsWith("journal.db", StringComparison.Ordinal));
        int saved = lines.Count(line => line[0] == "saved");
        if (files != saved)
        {
            string parts = string.Join(", ", Directory.GetFiles(folder, ".*"));
            throw new LabException($"{saved} files were saved, but the folder has {files}. Part files: {parts}");
        }
    }

    private static long MemoryLeft(IReadOnlyList<string[]> lines, int tasks)
    {
        long[] memory = [.. lines.Where(line => line[0] == "memory").Select(line => long.Parse(line[1], CultureInfo.InvariantCulture))];
        long left = memory[1] - memory[0];
        return left <= BytesLeftOfRun + BytesLeftOfTask * tasks
            ? left
            : throw new LabException($"{left} bytes stay in memory after {tasks} prompts.");
    }
}
