using System.Globalization;

namespace NanoBanana.Lab.Machines;

/// <summary>Runs batches on several machines while faults happen, and checks the purchases, the journal and the images.</summary>
internal static class MachinesRun
{
    /// <summary>The client's time-out of a submission. After it, an unknown submission can be submitted again.</summary>
    private static readonly TimeSpan SubmitTimeout = TimeSpan.FromSeconds(100);

    /// <returns>The numbers, and the faults that happened.</returns>
    /// <exception cref="LabException">A promise is broken. The folder with the logs is kept.</exception>
    public static async Task<(MachinesReport Report, IReadOnlyDictionary<FaultKind, int> Faults)> RunAsync(MachinesOptions options)
    {
        string home = Directory.CreateTempSubdirectory("nanobanana-machines-").FullName;
        void Progress(string text)
        {
            Lab.Report.Progress(text);
            string line = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {text}\n");
            lock (home)
                File.AppendAllText(Path.Combine(home, "run.txt"), line);
        }

        Tool.Run("ip", $"addr add {MachineNetwork.DatabaseHost}/32 dev lo");
        string reason = "";
        using Database? database = options.UsesSqlite ? null : Database.TryStart(out reason) ?? throw new LabException(reason);
        using EmulatorServer emulator = EmulatorServer.Start(
            new EmulatorOptions { ApiKey = "machines-harness-key-0815", Seed = options.Seed, TimeScale = 0.03 });
        int[] ports = [emulator.Endpoint.Port, emulator.DownloadEndpoint.Port];
        Machine[] machines = [.. Enumerable.Range(1, options.Machines)
            .Select(number => new Machine(home, number, options.With.Contains(FaultKind.Clock), ports))];
        var report = new MachinesReport();
        var injector = new FaultInjector(machines, database, emulator, Progress);
        List<MachineBatch> batches = [];
        try
        {
            while (injector.Counts.Values.Sum() < options.Faults)
            {
                int number = batches.Count;
                string schema = string.Create(CultureInfo.InvariantCulture, $"run_{number}");
                string file = Path.Combine(home, schema + ".db");
                var batch = new MachineBatch(
                    home, number, options, machines, emulator, database?.Url(schema) ?? file,
                    name => database is null ? SharedJournal.Entries(file, name) : SharedJournal.Entries(database, schema, name));
                batches.Add(batch);
                Progress($"{batch.Name} starts");
                await batch.RunWithFaultsAsync(injector, Fault.Draw(options, number));
                Progress($"{batch.Name} continues without faults");
                await batch.FinishAsync();
                CheckBatch(batch, report, Progress);
            }
            if (batches.Where(batch => batch.Unknown.Count > 0).ToList() is { Count: > 0 } uncertain)
            {
                Progress($"{uncertain.Count} batches have unknown submissions, which are submitted again after their time-out");
                await Task.Delay(SubmitTimeout + TimeSpan.FromSeconds(options.LeaseSeconds + 5));
                foreach (MachineBatch batch in uncertain)
                {
                    await batch.ResubmitAsync();
                    CheckBatch(batch, report, Progress);
                }
            }
        }
        catch (LabException e)
        {
            report.Broken.Add(e.Message);
        }
        foreach (MachineBatch batch in batches)
        {
            HistoryCheck check = batch.Check();
            report.Purchases += check.Purchases;
            report.Images += check.Files;
            report.Copies += check.Copies;
            report.Processes += batch.Processes;
        }
        report.Batches = batches.Count;
        if (options.Keeps || report.Broken.Count > 0)
            Keep(home, batches, database);
        if (report.Broken.Count > 0)
            throw new LabException($"{string.Join("\n", report.Broken.Distinct())}\nSeed {options.Seed}; the logs are in {home}.");
        foreach (Machine machine in machines)
            machine.Dispose();
        if (options.Keeps)
            Progress($"the logs are in {home}");
        else
            Directory.Delete(home, recursive: true);
        return (report, injector.Counts);
    }

    private static void CheckBatch(MachineBatch batch, MachinesReport report, Action<string> progress)
    {
        HistoryCheck check = batch.Check();
        IReadOnlyList<string> broken = check.Run();
        foreach (string sentence in broken)
            progress($"{batch.Name} BROKEN: {sentence}");
        report.Broken.AddRange(broken.Select(sentence => $"{batch.Name}: {sentence}"));
        if (batch.Unknown.Count > 0)
        {
            report.Unknown += batch.Unknown.Count;
            report.UnknownButBought += check.Lost.Count;
        }
        progress($"{batch.Name} has {check.Purchases} purchases, {check.Files} images ({check.Copies} saved twice) and "
            + $"{batch.Unknown.Count} unknown submissions ({check.Lost.Count} bought)");
    }

    /// <summary>Saves the tables and logs of the database, which is removed at the end.</summary>
    private static void Keep(string home, List<MachineBatch> batches, Database? database)
    {
        File.WriteAllLines(Path.Combine(home, "purchases.txt"), batches.SelectMany(batch => batch.Describe()));
        if (database is null)
            return;
        File.WriteAllText(Path.Combine(home, "database.log"), database.Log);
        foreach (string table in database.Execute("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname LIKE 'run\\_%'"))
            File.WriteAllLines(Path.Combine(home, table + ".tsv"), database.Execute($"SELECT row_to_json(t) FROM {table} AS t"));
    }
}
