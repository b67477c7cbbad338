using System.Globalization;

namespace NanoBanana.Lab.Machines;

/// <summary>One batch on all machines: with faults under a budget, then without either, then what is unknown is bought again.</summary>
internal sealed class MachineBatch
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly string[] Expected = ["SubmissionUnknown", "BudgetExhausted"];

    private readonly IReadOnlyList<Machine> _machines;
    private readonly EmulatorServer _emulator;
    private readonly Func<string, List<Entry>> _entries;
    private readonly string[] _prompts;
    private readonly WorkOrder _order;
    private readonly History _history;

    /// <param name="home">The folder of the run.</param>
    /// <param name="number">From 0.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="machines">All machines.</param>
    /// <param name="emulator">The provider.</param>
    /// <param name="journal">The address or path of the journal.</param>
    /// <param name="entries">Reads the entries of a batch from it.</param>
    public MachineBatch(
        string home, int number, MachinesOptions options, IReadOnlyList<Machine> machines, EmulatorServer emulator, string journal,
        Func<string, List<Entry>> entries)
    {
        (_machines, _emulator, _entries, Number) = (machines, emulator, entries, number);
        Name = string.Create(CultureInfo.InvariantCulture, $"batch_{number}");
        string[] lines = [.. Enumerable.Range(0, options.Prompts - 1).Select(i => $"{Name}, image {i}: a fox on a bicycle")];
        _prompts = [.. lines, lines[0]];
        string file = Path.Combine(home, Name + ".txt");
        File.WriteAllLines(file, _prompts);
        _order = new WorkOrder(emulator.Endpoint.AbsoluteUri, emulator.GetApiKey(), file, Name, journal, options.LeaseSeconds);
        _history = new History { Wanted = _prompts.CountBy(prompt => prompt).ToDictionary() };
    }

    public string Name { get; }

    public int Number { get; }

    /// <summary>How often a process was started.</summary>
    public int Processes { get; private set; }

    /// <summary>Prompts of submissions that are unknown.</summary>
    public IReadOnlyList<string> Unknown =>
        [.. _entries(Name).Where(entry => entry.Id is null && entry.Holds).Select(entry => entry.Prompt)];

    private List<Purchase> Purchases =>
        [.. _emulator.Tasks.Where(task => _history.Wanted.ContainsKey(task.Prompt)).Select(task => new Purchase(task.Id, task.Prompt))];

    /// <summary>Works under a budget for seven in ten images while faults happen.</summary>
    public async Task DisturbAsync(FaultInjector injector, IEnumerable<Fault> plan)
    {
        int budget = _prompts.Length * 7 / 10;
        _history.Budgets.Add((0, budget));
        using var stop = new CancellationTokenSource();
        Task faults = injector.RunAsync(plan, stop.Token);
        try
        {
            Task work = WorkAsync(_order with { Budget = budget });
            // A database that does not come back is a failure of the harness: nobody waits for it.
            if (await Task.WhenAny(work, faults) == faults)
                await faults;
            await work;
        }
        finally
        {
            await stop.CancelAsync();
            await faults;
        }
    }

    /// <summary>Works without faults and budget until everything is saved that is not unknown.</summary>
    public async Task FinishAsync()
    {
        _history.Budgets.Add((Purchases.Count, null));
        await WorkAsync(_order);
        await ExpectQuietAsync(_order);
    }

    /// <summary>Buys again what is unknown, on all machines at once.</summary>
    public async Task ResubmitAsync()
    {
        IReadOnlyList<string> unknown = Unknown;
        _history.Resubmitted.AddRange(unknown);
        await WorkAsync(_order with { Resubmit = true });
        await ExpectQuietAsync(_order);
        if (Unknown is { Count: > 0 } still)
            throw new LabException($"{Name} has {still.Count} unknown submissions after all were bought again.");
    }

    /// <summary>Compares everything.</summary>
    public HistoryCheck Check()
    {
        _history.Purchases.Clear();
        _history.Purchases.AddRange(Purchases);
        _history.Entries.Clear();
        _history.Entries.AddRange(_entries(Name));
        _history.Files.Clear();
        _history.Deliveries.Clear();
        _history.Kills.Clear();
        _history.Local.Clear();
        foreach (Machine machine in _machines)
        {
            _history.Files.AddRange(FilesOf(machine));
            _history.Kills.AddRange(machine.Kills);
            lock (machine.Answers)
            {
                foreach ((DateTime connected, DateTime at, string text) in machine.Answers)
                {
                    foreach (Purchase purchase in _history.Purchases.Where(purchase => Has(text, purchase)))
                        _history.Deliveries.Add(new Delivery(purchase.Id, machine.Name, connected, at));
                }
            }
            string[] texts = [.. Directory.GetFiles(machine.Home, "*.db", SearchOption.AllDirectories).SelectMany(SharedJournal.Texts)];
            IEnumerable<Purchase> kept = _history.Purchases.Where(purchase => texts.Any(text => Has(text, purchase)));
            _history.Local.UnionWith(kept.Select(purchase => purchase.Id));
        }
        return new HistoryCheck(_history);
    }

    /// <summary>What is known of each purchase, for the one who looks for the cause of a broken promise.</summary>
    public IEnumerable<string> Describe()
    {
        foreach ((string id, string prompt) in _history.Purchases)
        {
            IEnumerable<string> answers = _history.Deliveries.Where(answer => answer.Id == id)
                .Select(answer => $"{answer.Machine} {answer.At:HH:mm:ss.fff}");
            IEnumerable<string> entries = _history.Entries.Where(entry => entry.Id == id).Select(entry => entry.Status);
            IEnumerable<string> files = _history.Files.Where(file => file.Id == id).Select(file => file.Machine);
            yield return $"{id} {prompt}: accepted {_emulator.Tasks.First(task => task.Id == id).AcceptedAt:HH:mm:ss.fff}, "
                + $"answered {string.Join(" and ", answers)}, entries {string.Join(" and ", entries)}, files {string.Join(" and ", files)}";
        }
    }

    private static bool Has(string text, Purchase purchase) => text.Contains(purchase.Id, StringComparison.Ordinal);

    private IEnumerable<SavedFile> FilesOf(Machine machine)
    {
        string folder = Path.Combine(machine.Images, Name);
        foreach (string path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.png") : [])
        {
            string id = Path.GetFileNameWithoutExtension(path).Split('-')[^1];
            bool isKnown = _emulator.Tasks.Any(task => task.Id == id);
            bool isWhole = isKnown && File.ReadAllBytes(path).AsSpan().SequenceEqual(_emulator.ImageOf(id));
            yield return new SavedFile(machine.Name, path, id, isWhole);
        }
    }

    /// <summary>Starts the process of each machine again and again, as a timer would, until each has once come to its end.</summary>
    private async Task WorkAsync(WorkOrder order)
    {
        var done = new bool[_machines.Count];
        DateTime end = DateTime.UtcNow + Limit;
        await Task.WhenAll(_machines.Select(async (machine, i) =>
        {
            while (!Array.TrueForAll(done, isDone => isDone))
            {
                IReadOnlyList<string[]> lines = await RunAsync(machine, order);
                done[i] |= lines is [.., ["end"]] && lines.All(line => line[0] != "error" || IsExpected(line));
                if (DateTime.UtcNow > end)
                    throw new LabException($"{Name} does not come to its end on {machine.Name}: {Text(lines.TakeLast(4))}");
                await Task.Delay(200);
            }
        }));
    }

    /// <summary>A run when all is done reports the unknown submissions, each once, and nothing else.</summary>
    private async Task ExpectQuietAsync(WorkOrder order)
    {
        IReadOnlyList<string[]> lines = await RunAsync(_machines[0], order);
        int unknown = Unknown.Count;
        string[][] errors = [.. lines.Where(line => line[0] == "error")];
        bool areUnknown = Array.TrueForAll(errors, line => line[2].StartsWith(Expected[0], StringComparison.Ordinal));
        if (!areUnknown || errors.Length != unknown || lines is not [.., ["end"]])
            throw new LabException($"{Name}, {unknown} submissions unknown, ended with: {Text(lines.Where(line => line[0] != "saved"))}");
    }

    private Task<IReadOnlyList<string[]>> RunAsync(Machine machine, WorkOrder order)
    {
        Processes++;
        return machine.RunAsync(order);
    }

    private static string Text(IEnumerable<string[]> lines) => string.Join(" | ", lines.Select(line => string.Join(' ', line)));

    private static bool IsExpected(string[] error) => Array.Exists(Expected, id => error[2].StartsWith(id, StringComparison.Ordinal));
}
