using System.Data.Common;

namespace NanoBanana.Module.Tests.Journal;

public sealed class JournalCommandTests : JournalModuleTest
{
    private const string Remove = "NanoBanana.Commands.RemoveNanoBananaTaskCommand";

    [Fact]
    public void Without_ids_the_journal_is_listed_newest_first_and_without_a_connection()
    {
        foreach (string prompt in (string[])["one", "two", "three"])
            Run($"New-NanoBananaImage {prompt}").Good();
        Run("Disconnect-NanoBanana").Good();
        Assert.Equal(["three", "two", "one"], Run("Get-NanoBananaTask").Good().Select(task => task.Text("Prompt")));
        Assert.All(Run("Get-NanoBananaTask").Good(), task => Assert.Contains("NanoBanana.ImageTask", task.TypeNames));
        Assert.Equal(0, Emulator.Counters.Polls);
    }

    [Fact]
    public void The_journal_is_narrowed_by_status_batch_name_and_time()
    {
        Run("New-NanoBananaImage fox -Batch animals -Name red-fox; New-NanoBananaImage owl -Batch animals; New-NanoBananaImage 'elk [fail:5001095]' -Name elk -Wait -ErrorAction SilentlyContinue");
        Assert.Equal(["elk [fail:5001095]"], Prompts("Get-NanoBananaTask -Status Failed"));
        Assert.Equal(["owl", "fox"], Prompts("Get-NanoBananaTask -Batch anim*"));
        Assert.Equal(["fox"], Prompts("Get-NanoBananaTask -Batch animals -Name '*fox'"));
        Assert.Equal(["owl", "fox"], Prompts("Get-NanoBananaTask -Unsaved"));
        Assert.Equal(3, Prompts("Get-NanoBananaTask -After ([datetime]::Now.AddHours(-1))").Length);
        Assert.Empty(Prompts("Get-NanoBananaTask -Before ([datetime]::Now.AddHours(-1))"));
    }

    [Fact]
    public void The_journal_is_paged_the_way_PowerShell_pages()
    {
        foreach (string prompt in (string[])["1", "2", "3", "4"])
            Run($"New-NanoBananaImage -Prompt '{prompt}'").Good();
        Assert.Equal(["3", "2"], Prompts("Get-NanoBananaTask -Skip 1 -First 2"));
        IReadOnlyList<PSObject> counted = Run("Get-NanoBananaTask -First 1 -IncludeTotalCount").Good();
        Assert.Equal(("4", "4"), ($"{counted[0].BaseObject}", counted[1].Text("Prompt")));
    }

    [Fact]
    public void What_a_script_left_is_finished_by_one_line_and_nothing_is_fetched_twice()
    {
        Run("'fox', 'owl' | New-NanoBananaImage -Batch b; 'elk' | New-NanoBananaImage -Wait").Good();
        const string goOn = "Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination out";
        Assert.Equal(3, Run(goOn).Good().Count);
        Assert.Empty(Run(goOn).Good());
        Assert.Equal(3, Folder.Files.Count(file => file.EndsWith(".png", StringComparison.Ordinal)));
        Assert.Equal(3, Run("Get-NanoBananaTask | Save-NanoBananaImage -Destination out").Good().Count);
        Assert.Equal((3, 3), (Emulator.Counters.Downloads, Emulator.Tasks.Count));
    }

    [Fact]
    public void Tasks_of_the_journal_are_waited_for()
    {
        Run("'fox', 'owl' | New-NanoBananaImage").Good();
        Assert.All(Run("Get-NanoBananaTask | Wait-NanoBananaTask").Good(), task => Assert.Equal("Completed", task.Text("Status")));
        Assert.Equal("2", $"{Run("Get-NanoBananaTask -Status Completed").Good().Count}");
    }

    [Fact]
    public async Task Tasks_in_a_running_pipeline_are_leased_also_between_its_commands()
    {
        const int Downloads = 2;
        Enqueue(EmulatorOperation.Download, EmulatorFault.Stall(), Downloads);
        ShellRun run = Shell.Begin($"1..10 | ForEach-Object {{ \"image $_\" }} | New-NanoBananaImage -Resolution 0.5K | Save-NanoBananaImage -Destination out -ThrottleLimit {Downloads}");
        await SeenAsync(c => c.Downloads == Downloads && c.CreatesAccepted == 10);
        Becomes("SELECT COUNT(*) FROM task WHERE owner IS NOT NULL AND id IS NOT NULL", "10");
        Emulator.Release();
        Assert.Equal(10, run.End().Good().Count);
        Becomes("SELECT COUNT(*) FROM task WHERE owner IS NOT NULL", "0");
    }

    [Fact]
    public async Task Submits_that_come_through_after_a_stop_are_told_in_one_line()
    {
        const int Submits = 3;
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), Submits);
        ShellRun run = Shell.Begin("'fox', 'owl', 'elk' | New-NanoBananaImage");
        await SeenAsync(c => c.CreatesReceived == Submits);
        run.Stop();
        Emulator.Release();

        string line = await Shell.Host.LineWithAsync("answers arrived late");
        Becomes("SELECT COUNT(*) FROM task WHERE id IS NOT NULL", $"{Submits}");
        Assert.EndsWith("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination FOLDER", line, StringComparison.Ordinal);
        Assert.Single(Shell.Host.Lines, shown => shown.Contains("paid for and not saved", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_over_is_forgotten_without_a_question()
    {
        Run("'elk [fail:5001095]' | New-NanoBananaImage -Wait -ErrorAction SilentlyContinue; 'fox' | New-NanoBananaImage | Save-NanoBananaImage");
        Run("Get-NanoBananaTask | Remove-NanoBananaTask").Good();
        Assert.Empty(Run("Get-NanoBananaTask").Good());
        Assert.Contains(Folder.Files, file => file.EndsWith(".png", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_saved_is_forgotten_only_when_somebody_says_so()
    {
        string id = Assert.Single(Ids("New-NanoBananaImage fox"));
        Run($"Remove-NanoBananaTask -Id {id} -Force -WhatIf").Good();
        ShellResult asked = Run($"Remove-NanoBananaTask -Id {id}");
        Assert.True(asked.Failure is not null || asked.Errors.Count > 0, "Nobody was there to answer.");
        Assert.Single(Run("Get-NanoBananaTask").Good());
        Run($"Remove-NanoBananaTask -Id {id} -Force").Good();
        Assert.Empty(Run("Get-NanoBananaTask").Good());
        Run($"Remove-NanoBananaTask -Id {id}").OnlyError($"TaskNotFound,{Remove}", ErrorCategory.ObjectNotFound);
    }

    private string[] Prompts(string script) => [.. Run(script).Good().Select(task => task.Text("Prompt"))];

    [Fact]
    public async Task A_wait_stops_at_once_while_another_process_keeps_the_journal_from_opening()
    {
        ShellRun made = Shell.Begin("New-NanoBananaImage 'fox [hold]' | Tee-Object -Variable global:task");
        await SeenAsync(c => c.CreatesAccepted == 1);
        made.End().Good();
        // A new file, which nobody has open, and whose lock is held.
        Name(Folder["locked.db"]);
        using DbConnection held = Open(Folder["locked.db"]);
        using DbCommand command = held.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();

        ShellRun run = Shell.Begin("'begun'; $global:task | Wait-NanoBananaTask");
        await run.FirstOutputAsync();
        Assert.InRange(run.Stop(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        run.End();
    }
}
