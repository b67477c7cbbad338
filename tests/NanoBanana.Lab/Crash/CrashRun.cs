namespace NanoBanana.Lab.Crash;

/// <summary>
/// Runs batches in processes that are killed repeatedly. Then it finishes each batch and checks that nothing was lost or bought
/// twice.
/// </summary>
public static class CrashRun
{
    /// <exception cref="LabException">A promise is broken.</exception>
    public static async Task<CrashReport> RunAsync(CrashOptions options)
    {
        string home = Directory.CreateTempSubdirectory("nanobanana-crash-").FullName;
        var report = new CrashReport();
        var random = new Random(options.Seed);
        using var emulator = EmulatorServer.Start(
            new EmulatorOptions { ApiKey = "crash-harness-key-0815", Seed = options.Seed, TimeScale = 0.03 });
        using var http = new HttpClient();
        var journal = new JournalView(Path.Combine(home, "journal.db"));
        while (report.Kills.Values.Sum() < options.Kills)
        {
            var batch = new Batch(home, report.Batches++, options.Prompts, journal);
            int kills = Math.Min(options.KillsOfBatch, options.Kills - report.Kills.Values.Sum());
            while (kills > 0 && await KillAsync(batch, emulator, random, report, options))
                kills--;
            await FinishAsync(batch, emulator, http, report, options);
        }
        Directory.Delete(home, recursive: true);
        return report;
    }

    /// <returns>False if the process ended before it was killed.</returns>
    private static async Task<bool> KillAsync(
        Batch batch, EmulatorServer emulator, Random random, CrashReport report, CrashOptions options)
    {
        var trigger = new KillTrigger(emulator, batch, random);
        KillPoint point = trigger.Choose();
        Ending ending = options.With[random.Next(options.With.Count)];
        int lost = LostIds(batch, emulator).Count;
        Func<Task<IDisposable?>> moment = trigger.Prepare(point);
        using var child = new ChildProcess(batch, emulator, resubmit: false);
        await child.ReadyAsync();
        Task<IDisposable?> reached = moment();
        await Task.WhenAny(reached, child.Ended);
        options.Progress($"{batch.Name}: {ending} at {point} starts, process {child.Id}");
        bool isEnding = await child.StartEndingAsync(ending);
        if (reached.IsCompleted)
            (await reached)?.Dispose();
        // The process still has stalled requests. A submission among them is accepted now, as by a slow service.
        emulator.Release();
        if (!isEnding)
            return false;
        if (ending == Ending.Pause)
            await PauseAsync(child, batch, emulator);
        else
            await child.Ended.WaitAsync(ChildProcess.Limit);
        bool mustKeepIds = ending is Ending.SigTerm or Ending.SigHup or Ending.SigInt or Ending.Remove;
        if (mustKeepIds && LostIds(batch, emulator) is { } now && now.Count > lost)
            throw new LabException($"{ending} at {point} lost {now.Count - lost} ids. The journal does not have {string.Join(", ", now)}.");
        report.Kills[point] = report.Kills.GetValueOrDefault(point) + 1;
        report.Endings[ending] = report.Endings.GetValueOrDefault(ending) + 1;
        report.PartFilesLeft += batch.Parts.Count;
        string state = $"{batch.Images.Count} images, {batch.Journal.Held(batch.Name)} held, {batch.Parts.Count} part files";
        options.Progress($"{batch.Name}: {ending} at {point}, {state}");
        return true;
    }

    /// <summary>Checks that a paused process keeps its leases while another process runs the same batch.</summary>
    private static async Task PauseAsync(ChildProcess child, Batch batch, EmulatorServer emulator)
    {
        using var other = new ChildProcess(batch, emulator, resubmit: false);
        await other.ReadyAsync();
        await Task.WhenAny(other.Ended, Task.Delay(TimeSpan.FromSeconds(3)));
        await child.ContinueAsync();
        await Task.WhenAll(child.Ended, other.Ended).WaitAsync(ChildProcess.Limit);
    }

    /// <summary>Ids of tasks of a batch that the journal does not have.</summary>
    private static List<string> LostIds(Batch batch, EmulatorServer emulator) =>
        [.. emulator.Tasks.Where(task => batch.Prompts.Contains(task.Prompt)).Select(task => task.Id)
            .Except(batch.Journal.Ids(batch.Name))];

    private static async Task FinishAsync(
        Batch batch, EmulatorServer emulator, HttpClient http, CrashReport report, CrashOptions options)
    {
        var check = new BatchCheck(batch, emulator, http);
        await check.RunAsync(await RunToEndAsync(batch, emulator, resubmit: false), []);
        IReadOnlyList<string> unknown = batch.Journal.Unknown(batch.Name);
        options.Progress($"{batch.Name}: complete with {batch.Images.Count} images, {unknown.Count} unknown");
        report.Unknown += unknown.Count;
        int bought = emulator.Tasks.Count(task => batch.Prompts.Contains(task.Prompt));
        report.UnknownButBought += bought - batch.Journal.Ids(batch.Name).Count;
        if (unknown.Count > 0)
            await check.RunAsync(await RunToEndAsync(batch, emulator, resubmit: true), unknown);
        report.Images += batch.Images.Count;
        if (batch.Images.Count != batch.Prompts.Count)
            throw new LabException($"{batch.Name} has {batch.Images.Count} of {batch.Prompts.Count} images at the end.");
    }

    private static async Task<IReadOnlyList<string[]>> RunToEndAsync(Batch batch, EmulatorServer emulator, bool resubmit)
    {
        using var child = new ChildProcess(batch, emulator, resubmit);
        return await child.EndAsync();
    }
}
