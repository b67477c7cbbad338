using System.Data.Common;

namespace NanoBanana.Module.Tests.Journal;

public sealed class JournalCommandTests : JournalModuleTest
{
    private const string Remove = "NanoBanana.Commands.RemoveNanoBananaTaskCommand";

    [Fact]
    public void Get_without_ids_lists_the_journal_newest_first_without_a_connection()
    {
        foreach (string prompt in (string[])["one", "two", "three"])
            Run($"New-NanoBananaImage {prompt}").Ok();
        Run("Disconnect-NanoBanana").Ok();
        Assert.Equal(["three", "two", "one"], Run("Get-NanoBananaTask").Ok().Select(task => task.Text("Prompt")));
        Assert.All(Run("Get-NanoBananaTask").Ok(), task => Assert.Contains("NanoBanana.ImageTask", task.TypeNames));
        Assert.Equal(0, Emulator.Counters.Polls);
    }

    [Fact]
    public void Get_filters_the_journal_by_status_batch_name_and_time()
    {
        Run("""
            New-NanoBananaImage fox -Batch animals -Name red-fox
            New-NanoBananaImage owl -Batch animals
            New-NanoBananaImage 'elk [fail:5001095]' -Name elk -Wait -ErrorAction SilentlyContinue
            """);
        Assert.Equal(["elk [fail:5001095]"], Prompts("Get-NanoBananaTask -Status Failed"));
        Assert.Equal(["owl", "fox"], Prompts("Get-NanoBananaTask -Batch anim*"));
        Assert.Equal(["fox"], Prompts("Get-NanoBananaTask -Batch animals -Name '*fox'"));
        Assert.Equal(["owl", "fox"], Prompts("Get-NanoBananaTask -Unsaved"));
        Assert.Equal(3, Prompts("Get-NanoBananaTask -After ([datetime]::Now.AddHours(-1))").Length);
        Assert.Empty(Prompts("Get-NanoBananaTask -Before ([datetime]::Now.AddHours(-1))"));
    }

    [Fact]
    public void Get_supports_First_Skip_and_IncludeTotalCount()
    {
        foreach (string prompt in (string[])["1", "2", "3", "4"])
            Run($"New-NanoBananaImage -Prompt '{prompt}'").Ok();
        Assert.Equal(["3", "2"], Prompts("Get-NanoBananaTask -Skip 1 -First 2"));
        IReadOnlyList<PSObject> counted = Run("Get-NanoBananaTask -First 1 -IncludeTotalCount").Ok();
        Assert.Equal(("4", "4"), ($"{counted[0].BaseObject}", counted[1].Text("Prompt")));
    }

    [Theory]
    [InlineData("Failed,Completed")]
    [InlineData("Pending, Running")]
    public void Statuses_in_one_text_are_refused(string statuses) => Run($"Get-NanoBananaTask -Status '{statuses}'").OnlyError(
        "ParameterArgumentValidationError,NanoBanana.Commands.GetNanoBananaTaskCommand", ErrorCategory.InvalidData);

    [Fact]
    public void First_and_Skip_apply_to_the_tasks_of_all_batches_together()
    {
        Run("foreach ($b in 'b1', 'b2', 'b3') { \"$b fox\", \"$b owl\" | New-NanoBananaImage -Batch $b -ThrottleLimit 1 }").Ok();

        Assert.Equal(["b3 owl", "b3 fox", "b2 owl"], Prompts("Get-NanoBananaBatch | Get-NanoBananaTask -First 3"));
        Assert.Equal(["b2 fox", "b1 owl"], Prompts("Get-NanoBananaBatch | Get-NanoBananaTask -Skip 3 -First 2"));
        Assert.Equal(["b1 owl", "b1 fox"], Prompts("Get-NanoBananaBatch | Get-NanoBananaTask -Skip 4"));
    }

    [Fact]
    public void Remove_that_ends_with_an_error_has_removed_the_tasks_before_it()
    {
        Run("$tasks = 'fox', 'owl' | New-NanoBananaImage -ThrottleLimit 1").Ok();

        ShellResult result = Run("$tasks[0].Id, 'missing', $tasks[1].Id | Remove-NanoBananaTask -Force -ErrorAction Stop");

        Assert.IsType<ActionPreferenceStopException>(result.Failure);
        Assert.Equal(["owl"], Prompts("Get-NanoBananaTask"));
    }

    [Fact]
    public void Unsaved_tasks_are_saved_by_one_pipeline_and_downloaded_once()
    {
        Run("'fox', 'owl' | New-NanoBananaImage -Batch b; 'elk' | New-NanoBananaImage -Wait").Ok();
        const string saveUnsaved = "Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination out";
        Assert.Equal(3, Run(saveUnsaved).Ok().Count);
        Assert.Empty(Run(saveUnsaved).Ok());
        Assert.Equal(3, Folder.Files.Count(file => file.EndsWith(".png", StringComparison.Ordinal)));
        Assert.Equal(3, Run("Get-NanoBananaTask | Save-NanoBananaImage -Destination out").Ok().Count);
        Assert.Equal((3, 3), (Emulator.Counters.Downloads, Emulator.Tasks.Count));
    }

    [Fact]
    public void Wait_accepts_tasks_from_the_journal()
    {
        Run("'fox', 'owl' | New-NanoBananaImage").Ok();
        Assert.All(Run("Get-NanoBananaTask | Wait-NanoBananaTask").Ok(), task => Assert.Equal("Completed", task.Text("Status")));
        Assert.Equal("2", $"{Run("Get-NanoBananaTask -Status Completed").Ok().Count}");
    }

    [Fact]
    public async Task Tasks_are_leased_between_the_commands_of_a_running_pipeline()
    {
        const int Downloads = 2;
        Enqueue(EmulatorOperation.Download, EmulatorFault.Stall(), Downloads);
        ShellRun run = Shell.Begin($$"""
            1..10 | ForEach-Object { "image $_" } | New-NanoBananaImage -Resolution 0.5K |
                Save-NanoBananaImage -Destination out -ThrottleLimit {{Downloads}}
            """);
        await WaitForEmulatorAsync(c => c.Downloads == Downloads && c.CreatesAccepted == 10);
        AssertJournalBecomes("SELECT COUNT(*) FROM task WHERE owner IS NOT NULL AND id IS NOT NULL", "10");
        Emulator.Release();
        Assert.Equal(10, run.End().Ok().Count);
        AssertJournalBecomes("SELECT COUNT(*) FROM task WHERE owner IS NOT NULL", "0");
    }

    [Fact]
    public async Task Submissions_accepted_after_a_stop_are_reported_in_one_message()
    {
        const int Submits = 3;
        Enqueue(EmulatorOperation.Create, EmulatorFault.Stall(), Submits);
        ShellRun run = Shell.Begin("'fox', 'owl', 'elk' | New-NanoBananaImage");
        await WaitForEmulatorAsync(c => c.CreatesReceived == Submits);
        run.Stop();
        Emulator.Release();

        string line = await Shell.Host.LineWithAsync("answers arrived late");
        AssertJournalBecomes("SELECT COUNT(*) FROM task WHERE id IS NOT NULL", $"{Submits}");
        Assert.EndsWith("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination FOLDER", line, StringComparison.Ordinal);
        Assert.Single(Shell.Host.Lines, shown => shown.Contains("paid for and not saved", StringComparison.Ordinal));
    }

    [Fact]
    public void Ended_tasks_are_removed_without_confirmation()
    {
        Run("'elk [fail:5001095]' | New-NanoBananaImage -Wait -ErrorAction SilentlyContinue");
        Run("'fox' | New-NanoBananaImage | Save-NanoBananaImage");
        Run("Get-NanoBananaTask | Remove-NanoBananaTask").Ok();
        Assert.Empty(Run("Get-NanoBananaTask").Ok());
        Assert.Contains(Folder.Files, file => file.EndsWith(".png", StringComparison.Ordinal));
    }

    [Fact]
    public void Unsaved_tasks_are_removed_only_after_confirmation()
    {
        string id = Assert.Single(Ids("New-NanoBananaImage fox"));
        Run($"Remove-NanoBananaTask -Id {id} -Force -WhatIf").Ok();
        ShellResult unconfirmed = Run($"Remove-NanoBananaTask -Id {id}");
        Assert.True(unconfirmed.Failure is not null || unconfirmed.Errors.Count > 0, "The prompt got no answer.");
        Assert.Single(Run("Get-NanoBananaTask").Ok());
        Run($"Remove-NanoBananaTask -Id {id} -Force").Ok();
        Assert.Empty(Run("Get-NanoBananaTask").Ok());
        Run($"Remove-NanoBananaTask -Id {id}").OnlyError($"TaskNotFound,{Remove}", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public void The_question_about_an_unknown_submission_shows_its_prompt_because_it_has_no_id()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(500));
        Run("New-NanoBananaImage fox").OnlyError(
            "SubmissionUnknown,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.OperationStopped);
        Shell.Host.Answers.Enqueue("No");

        Run("Get-NanoBananaTask | Remove-NanoBananaTask").Ok();

        Assert.Contains("'fox' was sent, and its outcome is unknown", Assert.Single(Shell.Host.Questions), StringComparison.Ordinal);
        Assert.Single(Run("Get-NanoBananaTask").Ok());
    }

    private string[] Prompts(string script) => [.. Run(script).Ok().Select(task => task.Text("Prompt"))];

    [Fact]
    public async Task Wait_stops_immediately_while_another_process_locks_the_journal()
    {
        ShellRun made = Shell.Begin("New-NanoBananaImage 'fox [hold]' | Tee-Object -Variable global:task");
        await WaitForEmulatorAsync(c => c.CreatesAccepted == 1);
        made.End().Ok();
        // A new file with a lock, not open in any session.
        SetJournal(Folder["locked.db"]);
        using DbConnection held = Open(Folder["locked.db"]);
        using DbCommand command = held.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();

        ShellRun run = Shell.Begin("'started'; $global:task | Wait-NanoBananaTask");
        await run.FirstOutputAsync();
        Assert.InRange(run.Stop(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        run.End();
    }
}
