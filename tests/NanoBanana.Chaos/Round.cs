using System.Diagnostics;
using System.Globalization;

namespace NanoBanana.Chaos;

/// <summary>One run of all prompts, and what it came to.</summary>
internal sealed class Round
{
    /// <summary>What a prompt may leave behind in memory; a task that is held anywhere weighs more.</summary>
    private const long BytesLeftOfTask = 200;

    /// <summary>What caches of the engine, the runtime and SQLite may take on top, however many prompts there are.</summary>
    private const long BytesLeftOfRun = 3 * 1024 * 1024;

    private static readonly string[] NothingBought = ["RateLimited", "ServiceUnavailable", "ConnectionFailed", "InvalidResponse", "InvalidRequest"];

    private readonly Dictionary<string, string> _outcomes = [];

    /// <summary>How each prompt ended: the hash of its file, or the ErrorId.</summary>
    public IReadOnlyDictionary<string, string> Outcomes => _outcomes;

    public string Summary { get; private set; } = "";

    public static IReadOnlyList<string> Prompts(int count) => [.. Enumerable.Range(0, count).Select(i => $"picture {i}: a fox on a bicycle")];

    /// <exception cref="ChaosException">A promise is broken.</exception>
    public static async Task<Round> RunAsync(bool withJournal, ChaosOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("nanobanana-chaos-").FullName;
        var kinds = Enum.GetValues<EmulatorFaultKind>().Except([EmulatorFaultKind.Unauthorized, EmulatorFaultKind.Forbidden, EmulatorFaultKind.NotFound]);
        using var emulator = EmulatorServer.Start(new EmulatorOptions
        {
            ApiKey = "chaos-harness-key-0815",
            Seed = options.Seed,
            TimeScale = 0.02,
            FaultRate = options.Rate,
            FaultKinds = options.Stalls ? [.. kinds] : null,
        });
        var clock = Stopwatch.StartNew();
        IReadOnlyList<string> lines = await PipelineProcess.RunAsync(emulator, folder, withJournal, options);
        clock.Stop();
        foreach (IGrouping<string, string> same in lines.Where(line => line.StartsWith("error ", StringComparison.Ordinal)).GroupBy(line => line.Split('\t')[0]))
            options.Say($"{same.Key}, for example: {same.First().Split('\t')[2]}");
        var round = new Round();
        round.ReadOutcomes(lines, emulator);
        round.CheckPurchases(emulator, options.Tasks);
        CheckFolder(folder, lines);
        long left = MemoryLeft(lines, options.Tasks);
        EmulatorCounters counters = emulator.Counters;
        round.Summary =
            $"{options.Protocol}, journal {(withJournal ? "on" : "off")}: {clock.Elapsed.TotalSeconds:0} s, {counters.CreatesReceived} submits, {counters.Polls} polls, {counters.Downloads} downloads, "
            + $"{counters.Faults} faults ({string.Join(", ", counters.FaultsByKind.Select(fault => $"{fault.Key} {fault.Value}"))}); "
            + $"{emulator.Tasks.Count} bought; {string.Join(", ", round._outcomes.Values.GroupBy(o => o.Length == 64 ? "saved" : o).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}"))}; "
            + $"{left / 1024} KB left in memory";
        options.Say(round.Summary);
        Directory.Delete(folder, recursive: true);
        return round;
    }

    /// <summary>Every prompt ends once: as a whole file, or as one error.</summary>
    private void ReadOutcomes(IReadOnlyList<string> lines, EmulatorServer emulator)
    {
        Dictionary<string, string> ids = emulator.Tasks.GroupBy(task => task.Prompt).ToDictionary(same => same.Key, same => same.First().Id);
        foreach (string line in lines)
        {
            string[] parts = line[(line.IndexOf(' ') + 1)..].Split('\t');
            if (line.StartsWith("saved ", StringComparison.Ordinal))
                End(parts[0], HashOf(parts[1], emulator.PictureOf(ids[parts[0]])));
            else if (line.StartsWith("error ", StringComparison.Ordinal))
                End(parts[1], parts[0]);
        }
    }

    private void End(string prompt, string outcome)
    {
        if (!_outcomes.TryAdd(prompt, outcome))
            throw new ChaosException($"'{prompt}' ended as {_outcomes[prompt]} and as {outcome}.");
    }

    /// <summary>What is accepted is never bought again, and what is said of a purchase is true.</summary>
    private void CheckPurchases(EmulatorServer emulator, int tasks)
    {
        IReadOnlyDictionary<string, int> bought = emulator.CountByPrompt();
        foreach (string prompt in Prompts(tasks))
        {
            int times = bought.GetValueOrDefault(prompt);
            if (!_outcomes.TryGetValue(prompt, out string? outcome))
                throw new ChaosException($"'{prompt}' has no end.");
            if (times > 1 || (outcome.Length == 64 && times == 0))
                throw new ChaosException($"'{prompt}' was bought {times} times and ended as {outcome}.");
            if (times == 1 && NothingBought.Contains(outcome))
                throw new ChaosException($"'{prompt}' was bought, and its error {outcome} says that it was not.");
        }
    }

    private static string HashOf(string file, byte[] whole)
    {
        byte[] onDisk = File.ReadAllBytes(file);
        return onDisk.AsSpan().SequenceEqual(whole)
            ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(onDisk))
            : throw new ChaosException($"'{file}' has {onDisk.Length} bytes and is not the picture of {whole.Length} bytes.");
    }

    private static void CheckFolder(string folder, IReadOnlyList<string> lines)
    {
        int files = Directory.GetFiles(folder, "*").Count(file => !Path.GetFileName(file).StartsWith("journal.db", StringComparison.Ordinal));
        int saved = lines.Count(line => line.StartsWith("saved ", StringComparison.Ordinal));
        if (files != saved)
            throw new ChaosException($"There are {files} files, {saved} were saved: {string.Join(", ", Directory.GetFiles(folder, ".*"))}");
    }

    private static long MemoryLeft(IReadOnlyList<string> lines, int tasks)
    {
        long[] memory = [.. lines.Where(line => line.StartsWith("memory ", StringComparison.Ordinal)).Select(line => long.Parse(line[7..], CultureInfo.InvariantCulture))];
        long left = memory[1] - memory[0];
        return left <= BytesLeftOfRun + BytesLeftOfTask * tasks ? left : throw new ChaosException($"{left} bytes stay in memory after {tasks} prompts.");
    }
}
