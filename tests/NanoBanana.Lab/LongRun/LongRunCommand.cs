using System.CommandLine;
using System.Globalization;
using NanoBanana.Lab.Bench;
using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.LongRun;

/// <summary>The verb <c>long-run</c>, for "A long pipeline" in docs/performance.md.</summary>
internal static class LongRunCommand
{
    private static readonly Option<int> Prompts = Verb.Number("--prompts", 1_000_000, minimum: 10, "Prompts of the pipeline.");
    private static readonly Option<FileInfo> Pwsh = Verb.Pwsh();
    private static readonly Option<DirectoryInfo> Folder = Verb.Folder();

    public static Command Create() => Verb.Create(
        "long-run",
        "Runs one long pipeline with a batch in pwsh, then runs it again. Measures memory and time. A million prompts need 6 GB of disk.",
        [Prompts, Pwsh, Folder],
        arguments => RunAsync(
            arguments.GetValue(Prompts),
            arguments.GetValue(Pwsh)?.FullName ?? LabFiles.Pwsh,
            arguments.GetValue(Folder)?.FullName ?? Path.GetTempPath()));

    private static async Task<string> RunAsync(int prompts, string pwsh, string where)
    {
        string folder = Path.Combine(where, $"nanobanana-long-run-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            // Each WebP image has 34 bytes. A million PNG files would have 65 GB.
            await File.WriteAllLinesAsync(
                PipelineRun.PromptFile(folder), Enumerable.Range(0, prompts).Select(i => $"a fox in the snow, number {i} [shape:WebP]"));
            using Worker emulator = Worker.Start(EmulatorWorker.Kind, ["0"]);
            EmulatorState before = await ReadStateAsync(emulator);
            PipelineRun first = await PipelineRun.RunAsync(pwsh, before, folder, prompts);
            EmulatorState bought = await ReadStateAsync(emulator);
            Check(prompts, bought, first);
            Report.Progress("the finished run again");
            PipelineRun again = await PipelineRun.RunAsync(pwsh, before, folder, prompts);
            Check(prompts, await ReadStateAsync(emulator), again);

            Row[] rows = Rows(prompts, first, again);
            Report.Table(Row.Head, rows.Select(row => row.Cells));
            Report.Table(
                ["files", .. Mark.Head, .. Mark.Head.Select(head => "again: " + head)],
                first.Marks.Zip(again.Marks).Select(pair => (string[])
                    [pair.First.Files.ToString("N0", CultureInfo.InvariantCulture), .. pair.First.Cells, .. pair.Second.Cells]));
            (int missed, int asked) = (rows.Count(row => row.Met == false), rows.Count(row => row.Met is not null));
            return $"Every prompt was bought once and saved. {missed} of {asked} demands are not met on this machine.";
        }
        finally
        {
            Report.Progress("cleaning up");
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Row[] Rows(int prompts, PipelineRun first, PipelineRun again)
    {
        string size = prompts.ToString("N0", CultureInfo.InvariantCulture) + " prompts";
        return
        [
            new Row($"Tasks per second, {size}", first.Files / first.Seconds, "/s"),
            Row.AtMostMore(100, $"Most memory, {size}", first.Peak, first.Idle, "MB", "idle"),
            Row.AtMostValue(1, $"Time to the first file, {size}", first.First, "s"),
            Row.AtMost(0.2, $"Time of the finished run again, {size}", again.Seconds, first.Seconds, "s", "the first time"),
            Row.AtMostMore(100, $"Most memory of the finished run again, {size}", again.Peak, again.Idle, "MB", "idle"),
            new Row("Managed memory at the end", first.Managed, "MB", again.Managed, "of the finished run again"),
        ];
    }

    private static void Check(int prompts, EmulatorState state, PipelineRun run)
    {
        if (run.Files != prompts || state.Counters.CreatesAccepted != prompts)
        {
            throw new LabException(
                $"The run had {prompts} prompts, but {state.Counters.CreatesAccepted} were bought and {run.Files} files were saved.");
        }
    }

    private static Task<EmulatorState> ReadStateAsync(Worker emulator) =>
        emulator.AskAsync<EmulatorState>(new WorkerRequest { Action = "state" });
}
