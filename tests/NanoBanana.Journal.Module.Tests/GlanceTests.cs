namespace NanoBanana.Journal.Module.Tests;

/// <summary>What -WhatIf and Tab take from the journal, which they leave as it is.</summary>
public sealed class GlanceTests : JournalModuleTest
{
    private const string Preview = "'fox', 'owl', 'elk', 'elk' | New-NanoBananaImage -Batch b -Resolution 2K -WhatIf";

    [Fact]
    public void WhatIf_tells_what_the_batch_has_from_what_it_would_buy()
    {
        IReadOnlyList<string> ids = Ids("'fox', 'elk' | New-NanoBananaImage -Batch b -Resolution 2K -ThrottleLimit 1");

        ShellResult result = Run(Preview);

        Assert.Empty(result.Good());
        Assert.Equal(
            [
                $"What if: Performing the operation \"Buy nothing: the batch has it as task {ids[0]}, Running\" on target \"fox\".",
                "What if: Performing the operation \"Buy 1 picture, 2K, 1120 output tokens, with nano_banana_2\" on target \"owl\".",
                $"What if: Performing the operation \"Buy nothing: the batch has it as task {ids[1]}, Running\" on target \"elk\".",
                "What if: Performing the operation \"Buy 1 picture, 2K, 1120 output tokens, with nano_banana_2\" on target \"elk\".",
                "What if: In all: buy 2 pictures, 2240 output tokens; 2 held by the batch.",
            ],
            result.HostLines);
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void What_WhatIf_says_would_be_bought_is_bought()
    {
        Ids("'fox', 'elk' | New-NanoBananaImage -Batch b -Resolution 2K");
        Run(Preview).Good();
        Run(Preview.Replace("-WhatIf", "", StringComparison.Ordinal)).Good();
        Assert.Equal(4, Emulator.Tasks.Count);
        Assert.Equal("What if: In all: buy 0 pictures, 0 output tokens; 4 held by the batch.", Run(Preview).HostLines[^1]);
    }

    [Fact]
    public void A_failed_one_would_be_bought_again_and_one_of_unknown_fate_only_when_that_is_asked_for()
    {
        Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -Wait");
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept());
        Run("'owl' | New-NanoBananaImage -Batch b");

        Assert.Contains("Buy 1 picture", Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -WhatIf").HostLines[0], StringComparison.Ordinal);
        Assert.Contains("its fate is unknown", Run("'owl' | New-NanoBananaImage -Batch b -WhatIf").HostLines[0], StringComparison.Ordinal);
        Assert.Contains("Buy 1 picture", Run("'owl' | New-NanoBananaImage -Batch b -ResubmitUnknown -WhatIf").HostLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_refuses_a_batch_without_a_journal_as_the_run_would()
    {
        Name("off");
        Run("'fox' | New-NanoBananaImage -Batch b -WhatIf").OnlyError("JournalRequired,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.ResourceUnavailable);
    }

    [Fact]
    public void Ids_of_earlier_sessions_are_offered_with_their_prompts()
    {
        string id = Assert.Single(Ids("New-NanoBananaImage 'a red fox' -Wait"));
        Forget();

        Assert.Equal([$"{id}: Completed: a red fox"], Tab("Save-NanoBananaImage -Id "));
        Assert.Equal([$"{id}: Completed: a red fox"], Tab($"Remove-NanoBananaTask {id[..3]}"));
    }

    [Fact]
    public void Batches_are_offered_newest_first_with_how_they_stand()
    {
        Run("'fox', 'owl [fail:5001095]' | New-NanoBananaImage -Batch animals -Wait; 'oak' | New-NanoBananaImage -Batch 'old trees'");

        foreach (string command in (string[])["New-NanoBananaImage x -Batch ", "Get-NanoBananaTask -Batch ", "Get-NanoBananaBatch "])
        {
            string[] offered = Tab(command);
            Assert.Equal(2, offered.Length);
            Assert.StartsWith("'old trees': 1 tasks, 0 completed, 0 failed; begun ", offered[0], StringComparison.Ordinal);
            Assert.StartsWith("animals: 2 tasks, 1 completed, 1 failed; begun ", offered[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Who_looks_makes_no_journal_and_meets_no_error()
    {
        Assert.Empty(Tab("New-NanoBananaImage x -Batch "));
        Run(Preview).Good();
        Assert.Empty(Folder.Files);

        File.WriteAllText(JournalPath, "not a journal, and longer than the hundred bytes that a header has, so that SQLite must look at it in earnest");
        Assert.DoesNotContain(Tab("Get-NanoBananaTask -Id "), offered => offered.Contains("Completed", StringComparison.Ordinal));
        Assert.Single(Folder.Files);
    }

    /// <summary>Only the journal knows the tasks of this session now.</summary>
    private void Forget() => Run("Remove-Module NanoBanana; Import-Module $module").Good();

    private string[] Tab(string line) =>
        [.. Run($$"""
            $line = '{{line}}'
            $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
            foreach ($match in $found.CompletionMatches) { "$($match.CompletionText): $($match.ToolTip)" }
            """).Good().Select(offered => $"{offered}")];
}
