namespace NanoBanana.Module.Tests.Journal;

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
                $"What if: Performing the operation \"Buy nothing: the batch already has this request (task {ids[0]}, Running)\" on target \"fox\".",
                "What if: Performing the operation \"Buy 1 image, 2K, 1680 output tokens, with nano_banana_2\" on target \"owl\".",
                $"What if: Performing the operation \"Buy nothing: the batch already has this request (task {ids[1]}, Running)\" on target \"elk\".",
                "What if: Performing the operation \"Buy 1 image, 2K, 1680 output tokens, with nano_banana_2\" on target \"elk\".",
                "What if: In total: buy 2 images, 3360 output tokens; 2 already in the batch.",
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
        Assert.Equal("What if: In total: buy 0 images, 0 output tokens; 4 already in the batch.", Run(Preview).HostLines[^1]);
    }

    [Fact]
    public void A_failed_one_would_be_bought_again_and_one_of_unknown_fate_only_when_that_is_asked_for()
    {
        Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -Wait");
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept());
        Run("'owl' | New-NanoBananaImage -Batch b");

        Assert.Contains("Buy 1 image", Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -WhatIf").HostLines[0], StringComparison.Ordinal);
        Assert.Contains("the outcome is unknown", Run("'owl' | New-NanoBananaImage -Batch b -WhatIf").HostLines[0], StringComparison.Ordinal);
        Assert.Contains("Buy 1 image", Run("'owl' | New-NanoBananaImage -Batch b -ResubmitUnknown -WhatIf").HostLines[0], StringComparison.Ordinal);
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

        Assert.Matches($"^{id}: Completed, .+: a red fox$", Assert.Single(Tab("Save-NanoBananaImage -Id ")));
        Assert.Matches($"^{id}: Completed, .+: a red fox$", Assert.Single(Tab($"Remove-NanoBananaTask {id[..3]}")));
    }

    [Fact]
    public void An_entry_that_the_service_does_not_know_is_offered_only_to_remove_it()
    {
        string id = Assert.Single(Ids("New-NanoBananaImage 'a red fox'"));
        Enqueue(EmulatorOperation.Poll, EmulatorFault.Status(404));
        Run($"Get-NanoBananaTask {id}")
            .OnlyError("TaskNotFound,NanoBanana.Commands.GetNanoBananaTaskCommand", ErrorCategory.ObjectNotFound);

        Assert.Empty(Tab("Save-NanoBananaImage -Id "));
        Assert.Single(Tab("Remove-NanoBananaTask "));

        Run($"Get-NanoBananaTask {id}").Good();
        Assert.Single(Tab("Save-NanoBananaImage -Id "));
    }

    [Fact]
    public void Names_are_offered_newest_first_with_their_prompts_and_those_of_the_batch_alone()
    {
        Run("""
            [pscustomobject]@{ Name = 'red [1]'; Prompt = 'a red fox' } | New-NanoBananaImage -Batch animals
            [pscustomobject]@{ Name = 'tree'; Prompt = 'an oak' } | New-NanoBananaImage -Batch trees
            """).Good();

        Assert.Collection(
            Tab("Get-NanoBananaTask -Name "),
            tree => Assert.Matches("^tree: .+: an oak$", tree),
            fox => Assert.Matches("^'red `\\[1`\\]': .+: a red fox$", fox));
        Assert.Matches("^tree: ", Assert.Single(Tab("Get-NanoBananaTask -Batch tr* -Name ")));
        Assert.Matches("^'red \\[1\\]': ", Assert.Single(Tab("Resolve-NanoBananaTask -Batch animals -Name ")));
    }

    [Fact]
    public void Batches_are_offered_newest_first_with_their_size_and_age()
    {
        Run("'fox', 'owl [fail:5001095]' | New-NanoBananaImage -Batch animals -Wait; 'owl [fail:5001095]' | New-NanoBananaImage -Batch animals -Wait; 'oak' | New-NanoBananaImage -Batch 'old trees'");

        foreach (string command in (string[])["New-NanoBananaImage x -Batch ", "Get-NanoBananaTask -Batch ", "Get-NanoBananaBatch "])
        {
            string[] offered = Tab(command);
            Assert.Equal(2, offered.Length);
            Assert.StartsWith("'old trees': 1 task; started ", offered[0], StringComparison.Ordinal);
            Assert.StartsWith("animals: 3 tasks; started ", offered[1], StringComparison.Ordinal);
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

    [Theory]
    [InlineData("$task | Export-NanoBananaGallery page -WhatIf", "")]
    [InlineData("Export-NanoBananaGallery page -Batch b -WhatIf", "TaskNotFound")]
    [InlineData("$task | Remove-NanoBananaTask -WhatIf", "TaskNotFound")]
    [InlineData("Remove-NanoBananaTask -Id nosuchtask", "TaskNotFound")]
    [InlineData("Get-NanoBananaTask", "")]
    [InlineData("Get-NanoBananaBatch", "")]
    [InlineData("Get-NanoBananaBatch b", "TaskNotFound")]
    public void Who_previews_or_asks_makes_no_journal(string script, string error)
    {
        // Tasks of the emulator are not kept where no journal is named.
        Name(null);
        Run("$global:task = New-NanoBananaImage fox -Wait").Good();
        Name(JournalPath);

        ShellResult result = Run(script);

        Assert.Empty(result.Output);
        ErrorRecord[] errors = result.Failure is null ? [.. result.Errors] : [result.Failure.ErrorRecord];
        Assert.Equal(error, string.Join(' ', errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0])));
        Assert.Empty(Folder.Files);
    }

    [Fact]
    public void Where_there_is_no_journal_yet_none_of_its_tasks_are_counted() =>
        Assert.Equal("0", $"{Assert.Single(Run("Get-NanoBananaTask -First 5 -IncludeTotalCount").Good()).BaseObject}");

    [Fact]
    public void Who_previews_or_asks_leaves_the_journal_as_it_is_also_what_is_due_to_be_forgotten()
    {
        Run("$global:task = 'elk [fail:5001095]' | New-NanoBananaImage -Wait -ErrorAction SilentlyContinue");
        Run("'owl' | New-NanoBananaImage -Batch b").Good();
        Value("UPDATE task SET created_at = 0");
        // A copy that nobody in this process has open yet.
        Value($"VACUUM INTO '{Folder["copy.db"]}'");
        Name(Folder["copy.db"]);
        byte[] before = File.ReadAllBytes(Folder["copy.db"]);
        string[] files = [.. Folder.Files];

        Run("$task | Export-NanoBananaGallery page -WhatIf; Export-NanoBananaGallery page -Batch b -WhatIf; $task | Remove-NanoBananaTask -WhatIf").Good();
        Assert.Equal(2, Run("Get-NanoBananaTask").Good().Count);
        Assert.Single(Run("Get-NanoBananaBatch").Good());

        Assert.Equal(before, File.ReadAllBytes(Folder["copy.db"]));
        Assert.Equal(files, Folder.Files);
    }

    [Fact]
    public void A_journal_that_an_earlier_command_of_the_pipeline_makes_is_found_by_the_later_ones()
    {
        Run("'fox' | New-NanoBananaImage -Wait | ForEach-Object { $_ | Save-NanoBananaImage -FileName fox | Out-Null; $_ } | Export-NanoBananaGallery page").Good();
        Assert.Contains("src=\"fox.png\"", File.ReadAllText(Folder["page.html"]), StringComparison.Ordinal);

        Name(Folder["other.db"]);
        Run("'owl' | New-NanoBananaImage -Wait | Remove-NanoBananaTask -Force").Good();
        Assert.Empty(Run("Get-NanoBananaTask").Good());
    }

    [Fact]
    public void A_journal_that_can_not_be_read_is_missed_only_by_who_needs_it()
    {
        Name(null);
        Run("'fox' | New-NanoBananaImage | Save-NanoBananaImage -FileName fox").Good();
        Name(JournalPath);
        File.WriteAllText(JournalPath, "not a journal, and longer than the hundred bytes that a header has, so that SQLite must look at it in earnest");
        Shell["files"] = new FileInfo(Folder["fox.png"]);

        Run("$files | Export-NanoBananaGallery page").Good();
        Assert.Contains("src=\"fox.png\"", File.ReadAllText(Folder["page.html"]), StringComparison.Ordinal);
        Run("Export-NanoBananaGallery other -Batch b").OnlyError("JournalRequired,NanoBanana.Commands.ExportNanoBananaGalleryCommand", ErrorCategory.ResourceUnavailable);
        Run("Get-NanoBananaTask").OnlyError("JournalRequired,NanoBanana.Commands.GetNanoBananaTaskCommand", ErrorCategory.ResourceUnavailable);
        Run("Get-NanoBananaBatch").OnlyError("JournalRequired,NanoBanana.Commands.GetNanoBananaBatchCommand", ErrorCategory.ResourceUnavailable);
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
