namespace NanoBanana.Module.Tests.Journal;

public sealed class BatchCommandTests : JournalModuleTest
{
    private const string New = "NanoBanana.Commands.NewNanoBananaImageCommand";

    [Fact]
    public void Running_a_batch_again_submits_only_missing_requests()
    {
        IReadOnlyList<string> first = Ids("'fox', 'owl', 'fox' | New-NanoBananaImage -Batch b");
        Assert.Equal(3, first.Distinct().Count());
        PSObject[] again =
            [.. Run("'fox', 'owl', 'fox', 'elk' | New-NanoBananaImage -Batch b").Ok().OrderBy(task => (int)task.Get("InputIndex")!)];
        Assert.Equal(first.Order(StringComparer.Ordinal), again.Take(3).Select(task => task.Text("Id")).Order(StringComparer.Ordinal));
        Assert.Equal(["fox", "owl", "fox", "elk"], again.Select(task => task.Text("Prompt")));
        Assert.Equal(4, Emulator.Tasks.Count);
    }

    [Fact]
    public void Order_of_requests_does_not_change_their_identity()
    {
        Run("New-NanoBananaImage -Batch b -Prompt fox -ResponseModality Image; 'fox' | New-NanoBananaImage -Batch b").Ok();
        Run("'fox' | New-NanoBananaImage -Batch b; New-NanoBananaImage -Batch b -Prompt fox -ResponseModality Image").Ok();
        Assert.Equal(2, Emulator.Tasks.Count);
    }

    [Fact]
    public void Failed_requests_are_submitted_again()
    {
        Assert.NotEmpty(Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -Wait").Errors);
        Assert.NotEmpty(Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -Wait").Errors);
        Assert.Equal(2, Emulator.Tasks.Count);
    }

    [Fact]
    public void Submission_with_unknown_outcome_is_reported_and_repeated_only_with_ResubmitUnknown()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept());
        Run("'fox' | New-NanoBananaImage -Batch b").OnlyError($"SubmissionUnknown,{New}", ErrorCategory.OperationStopped);
        ErrorRecord error = Run("'fox' | New-NanoBananaImage -Batch b").OnlyError(
            $"SubmissionUnknown,{New}", ErrorCategory.OperationStopped);
        Assert.Equal(("Unknown", "fox"), (error.Target().Text("Status"), error.Target().Text("Prompt")));
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
        Assert.Equal("fox", Assert.Single(Run("Get-NanoBananaTask -Status Unknown").Ok()).Text("Prompt"));

        Run("'fox' | New-NanoBananaImage -Batch b -ResubmitUnknown -WhatIf").Ok();
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
        Assert.Single(Run("'fox' | New-NanoBananaImage -Batch b -ResubmitUnknown").Ok());
        Assert.Single(Run("'fox' | New-NanoBananaImage -Batch b -ResubmitUnknown").Ok());
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Run("'fox' | New-NanoBananaImage -Batch b -WhatIf").Ok();
        Assert.Empty(Folder.Files);
        AssertNothingSent();
    }

    [Fact]
    public void Blank_batch_name_is_refused()
    {
        ShellResult result = Run("'fox' | New-NanoBananaImage -Batch ' '");
        Assert.Equal($"InvalidRequest,{New}", (result.Failure?.ErrorRecord ?? result.Errors[0]).FullyQualifiedErrorId);
        AssertNothingSent();
    }

    [Fact]
    public async Task Without_a_journal_one_warning_is_written_for_each_process()
    {
        string[] lines = await FreshProcess.RunAsync($$"""
            $env:NANOBANANA_JOURNAL = 'off'
            Import-Module $module
            Connect-NanoBanana -Endpoint {{Emulator.Endpoint}} -ApiKey {{Emulator.GetApiKey()}}
            $null = 'fox', 'owl' | New-NanoBananaImage -WarningVariable first -WarningAction SilentlyContinue |
                Wait-NanoBananaTask -WarningVariable +first -WarningAction SilentlyContinue
            $null = 'elk' | New-NanoBananaImage -WarningVariable second -WarningAction SilentlyContinue
            "$first"
            "$($first.Count), then $($second.Count)"
            """);
        Assert.Contains("NANOBANANA_JOURNAL", lines[0], StringComparison.Ordinal);
        Assert.Equal("1, then 0", lines[1]);
        Assert.Equal(3, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Batch_is_refused_without_a_journal()
    {
        SetJournal("off");
        ErrorRecord error = Run("'fox' | New-NanoBananaImage -Batch b").OnlyError(
            $"JournalRequired,{New}", ErrorCategory.ResourceUnavailable);
        Assert.Equal("fox", $"{error.TargetObject}");
        Assert.Contains("off", error.Exception.Message, StringComparison.Ordinal);
        Run("Get-NanoBananaTask").OnlyError(
            "JournalRequired,NanoBanana.Commands.GetNanoBananaTaskCommand", ErrorCategory.ResourceUnavailable);
        AssertNothingSent();
    }

    [Fact]
    public void Get_batch_counts_its_tasks()
    {
        Run("'fox', 'owl', 'elk [fail:5001095]' | New-NanoBananaImage -Batch nightly -Wait");
        Run("Get-NanoBananaTask -Batch nightly -Status Completed -First 1 | Save-NanoBananaImage").Ok();
        PSObject batch = Assert.Single(Run("Get-NanoBananaBatch night*").Ok());
        Assert.Equal(
            ("nightly", "3", "2", "1", "1"),
            (batch.Text("Batch"), batch.Text("Total"), batch.Text("Completed"), batch.Text("Failed"), batch.Text("Unsaved")));
        Assert.NotEqual("", batch.Text("FirstError"));
        Run("Get-NanoBananaBatch none").OnlyError(
            "TaskNotFound,NanoBanana.Commands.GetNanoBananaBatchCommand", ErrorCategory.ObjectNotFound);
    }
}
