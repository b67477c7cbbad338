using System.Globalization;

namespace NanoBanana.Lab.Machines;

/// <summary>One batch on all machines: with faults and a budget, then without them, then with -ResubmitUnknown.</summary>
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

    /// <summary>The number of started processes.</summary>
    public int Processes { get; private set; }

    /// <summary>Prompts of unknown submissions.</summary>
    public IReadOnlyList<string> Unknown =>
        [.. _entries(Name).Where(entry => entry.Id is null && entry.Holds).Select(entry => entry.Prompt)];

    private List<Purchase> Purchases =>
        [.. _emulator.Tasks.Where(task => _history.Wanted.ContainsKey(task.Prompt)).Select(task => new Purchase(task.Id, task.Prompt))];

    /// <summary>Runs with faults and a budget for seven of ten images.</summary>
    public async Task RunWithFaultsAsync(FaultInjector injector, IEnumerable<Fault> plan)
    {
        int budget = _prompts.Length * 7 / 10;
        _history.Budgets.Add((0, budget));
        using var stop = new CancellationTokenSource();
        Task faults = injector.RunAsync(plan, stop.Token);
        try
        {
            Task work = WorkAsync(_order with { Budget = budget });
            // If the database does not restart, the harness has failed. Do not wait for the machines.
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

    /// <summary>Runs without faults and budget until everything is saved except unknown submissions.</summary>
    public async Task FinishAsync()
    {
        _history.Budgets.Add((Purchases.Count, null));
        await WorkAsync(_order);
        await CheckFinalRunAsync(_order);
    }

    /// <summary>Submits unknown requests again, on all machines at the same time.</summary>
    public async Task ResubmitAsync()
    {
        IReadOnlyList<string> unknown = Unknown;
        _history.Resubmitted.AddRange(unknown);
        await WorkAsync(_order with { Resubmit = true });
        await CheckFinalRunAsync(_order);
        if (Unknown is { Count: > 0 } remaining)
            throw new LabException($"{Name} has {remaining.Count} unknown submissions after all were submitted again.");
    }

    /// <summary>Collects the history for a check.</summary>
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
            IEnumerable<Purchase> local = _history.Purchases.Where(purchase => texts.Any(text => Has(text, purchase)));
            _history.Local.UnionWith(local.Select(purchase => purchase.Id));
        }
        return new HistoryCheck(_history);
    }

    /// <summary>Describes each purchase, to analyze a broken promise.</summary>
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

    /// <summary>Starts the process of each machine repeatedly, like a scheduler, until each machine has finished the script once.</summary>
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
                    throw new LabException($"{Name} does not finish on {machine.Name}: {Text(lines.TakeLast(4))}");
                await Task.Delay(200);
            }
        }));
    }

    /// <summary>Runs the finished batch again. It must report each unknown submission once, and nothing else.</summary>
    private async Task CheckFinalRunAsync(WorkOrder order)
    {
        IReadOnlyList<string[]> lines = await RunAsync(_machines[0], order);
        int unknown = Unknown.Count;
        string[][] errors = [.. lines.Where(line => line[0] == "error")];
        bool areUnknown = Array.TrueForAll(errors, line => line[2].StartsWith(Expected[0], StringComparison.Ordinal));
        if (!areUnknown || errors.Length != unknown || lines is not [.., ["end"]])
        {
            string unexpected = Text(lines.Where(line => line[0] != "saved"));
            throw new LabException($"{Name} with {unknown} unknown submissions ended with: {unexpected}");
        }
    }

    private Task<IReadOnlyList<string[]>> RunAsync(Machine machine, WorkOrder order)
    {
        Processes++;
        return machine.RunAsync(order);
    }

    private static string Text(IEnumerable<string[]> lines) => string.Join(" | ", lines.Select(line => string.Join(' ', line)));

    private static bool IsExpected(string[] error) => Array.Exists(Expected, id => error[2].StartsWith(id, StringComparison.Ordinal));
}
