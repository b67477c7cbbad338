namespace NanoBanana.Module.Tests.Journal;

public sealed class BatchCommandTests : JournalModuleTest
{
    private const string New = "NanoBanana.Commands.NewNanoBananaImageCommand";

    [Fact]
    public void Running_a_script_again_buys_only_what_is_missing()
    {
        IReadOnlyList<string> first = Ids("'fox', 'owl', 'fox' | New-NanoBananaImage -Batch b");
        Assert.Equal(3, first.Distinct().Count());
        PSObject[] again = [.. Run("'fox', 'owl', 'fox', 'elk' | New-NanoBananaImage -Batch b").Good().OrderBy(task => (int)task.Get("InputIndex")!)];
        Assert.Equal(first.Order(StringComparer.Ordinal), again.Take(3).Select(task => task.Text("Id")).Order(StringComparer.Ordinal));
        Assert.Equal(["fox", "owl", "fox", "elk"], again.Select(task => task.Text("Prompt")));
        Assert.Equal(4, Emulator.Tasks.Count);
    }

    [Fact]
    public void Requests_that_differ_in_their_order_are_the_same_requests()
    {
        Run("New-NanoBananaImage -Batch b -Prompt fox -ResponseModality Image; 'fox' | New-NanoBananaImage -Batch b").Good();
        Run("'fox' | New-NanoBananaImage -Batch b; New-NanoBananaImage -Batch b -Prompt fox -ResponseModality Image").Good();
        Assert.Equal(2, Emulator.Tasks.Count);
    }

    [Fact]
    public void Failed_ones_are_bought_again()
    {
        Assert.NotEmpty(Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -Wait").Errors);
        Assert.NotEmpty(Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -Wait").Errors);
        Assert.Equal(2, Emulator.Tasks.Count);
    }

    [Fact]
    public void A_submit_of_unknown_fate_is_reported_and_bought_again_only_when_that_is_asked_for()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept());
        Run("'fox' | New-NanoBananaImage -Batch b").OnlyError($"SubmissionUnknown,{New}", ErrorCategory.OperationStopped);
        ErrorRecord error = Run("'fox' | New-NanoBananaImage -Batch b").OnlyError($"SubmissionUnknown,{New}", ErrorCategory.OperationStopped);
        Assert.Equal(("Unknown", "fox"), (error.Target().Text("Status"), error.Target().Text("Prompt")));
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
        Assert.Equal("fox", Assert.Single(Run("Get-NanoBananaTask -Status Unknown").Good()).Text("Prompt"));

        Run("'fox' | New-NanoBananaImage -Batch b -ResubmitUnknown -WhatIf").Good();
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
        Assert.Single(Run("'fox' | New-NanoBananaImage -Batch b -ResubmitUnknown").Good());
        Assert.Single(Run("'fox' | New-NanoBananaImage -Batch b -ResubmitUnknown").Good());
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Run("'fox' | New-NanoBananaImage -Batch b -WhatIf").Good();
        Assert.Empty(Folder.Files);
        NothingWasSent();
    }

    [Fact]
    public void A_batch_without_a_name_is_refused()
    {
        Assert.Equal($"InvalidRequest,{New}", $"{Run("'fox' | New-NanoBananaImage -Batch ' '").Failure?.ErrorRecord.FullyQualifiedErrorId ?? Run("'fox' | New-NanoBananaImage -Batch ' '").Errors[0].FullyQualifiedErrorId}");
        NothingWasSent();
    }

    [Fact]
    public async Task Without_a_journal_it_is_said_once_in_a_process()
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
    public void Without_a_journal_a_batch_is_refused()
    {
        Name("off");
        ErrorRecord error = Run("'fox' | New-NanoBananaImage -Batch b").OnlyError($"JournalRequired,{New}", ErrorCategory.ResourceUnavailable);
        Assert.Equal("fox", $"{error.TargetObject}");
        Assert.Contains("off", error.Exception.Message, StringComparison.Ordinal);
        Run("Get-NanoBananaTask").OnlyError("JournalRequired,NanoBanana.Commands.GetNanoBananaTaskCommand", ErrorCategory.ResourceUnavailable);
        NothingWasSent();
    }

    [Fact]
    public void A_batch_is_counted()
    {
        Run("'fox', 'owl', 'elk [fail:5001095]' | New-NanoBananaImage -Batch nightly -Wait");
        Run("Get-NanoBananaTask -Batch nightly -Status Completed -First 1 | Save-NanoBananaImage").Good();
        PSObject batch = Assert.Single(Run("Get-NanoBananaBatch night*").Good());
        Assert.Equal(("nightly", "3", "2", "1", "1"), (batch.Text("Batch"), batch.Text("Total"), batch.Text("Completed"), batch.Text("Failed"), batch.Text("Unsaved")));
        Assert.NotEqual("", batch.Text("FirstError"));
        Run("Get-NanoBananaBatch none").OnlyError("TaskNotFound,NanoBanana.Commands.GetNanoBananaBatchCommand", ErrorCategory.ObjectNotFound);
    }
}
