namespace NanoBanana.Module.Tests.Journal;

/// <summary>-WhatIf and completion read the journal and don't change it.</summary>
public sealed class WhatIfAndCompletionTests : JournalModuleTest
{
    private const string Preview = "'fox', 'owl', 'elk', 'elk' | New-NanoBananaImage -Batch b -Resolution 2K -WhatIf";

    [Fact]
    public void WhatIf_distinguishes_requests_that_the_batch_has_from_new_ones()
    {
        IReadOnlyList<string> ids = Ids("'fox', 'elk' | New-NanoBananaImage -Batch b -Resolution 2K -ThrottleLimit 1");

        ShellResult result = Run(Preview);

        Assert.Empty(result.Ok());
        Assert.Equal(
            [
                $"What if: Performing the operation \"Buy nothing: the batch already has this request (task {ids[0]}, Running)\" "
                    + "on target \"fox\".",
                "What if: Performing the operation \"Buy 1 image, 2K, 1680 output tokens, with nano_banana_2\" on target \"owl\".",
                $"What if: Performing the operation \"Buy nothing: the batch already has this request (task {ids[1]}, Running)\" "
                    + "on target \"elk\".",
                "What if: Performing the operation \"Buy 1 image, 2K, 1680 output tokens, with nano_banana_2\" on target \"elk\".",
                "What if: In total: buy 2 images, 3360 output tokens; 2 already in the batch.",
            ],
            result.HostLines);
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Run_submits_what_WhatIf_announces()
    {
        Ids("'fox', 'elk' | New-NanoBananaImage -Batch b -Resolution 2K");
        Run(Preview).Ok();
        Run(Preview.Replace("-WhatIf", "", StringComparison.Ordinal)).Ok();
        Assert.Equal(4, Emulator.Tasks.Count);
        Assert.Equal("What if: In total: buy 0 images, 0 output tokens; 4 already in the batch.", Run(Preview).HostLines[^1]);
    }

    [Fact]
    public void WhatIf_resubmits_failed_requests_and_unknown_ones_only_with_ResubmitUnknown()
    {
        Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -Wait");
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept());
        Run("'owl' | New-NanoBananaImage -Batch b");

        Assert.Contains(
            "Buy 1 image",
            Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -WhatIf").HostLines[0],
            StringComparison.Ordinal);
        Assert.Contains(
            "the outcome is unknown",
            Run("'owl' | New-NanoBananaImage -Batch b -WhatIf").HostLines[0],
            StringComparison.Ordinal);
        Assert.Contains(
            "Buy 1 image",
            Run("'owl' | New-NanoBananaImage -Batch b -ResubmitUnknown -WhatIf").HostLines[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_refuses_a_batch_without_a_journal()
    {
        SetJournal("off");
        Run("'fox' | New-NanoBananaImage -Batch b -WhatIf")
            .OnlyError("JournalRequired,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.ResourceUnavailable);
    }

    [Fact]
    public void Ids_of_earlier_sessions_are_offered_with_their_prompts()
    {
        string id = Assert.Single(Ids("New-NanoBananaImage 'a red fox' -Wait"));
        ReimportModule();

        Assert.Matches($"^{id}: Completed, .+: a red fox$", Assert.Single(Tab("Save-NanoBananaImage -Id ")));
        Assert.Matches($"^{id}: Completed, .+: a red fox$", Assert.Single(Tab($"Remove-NanoBananaTask {id[..3]}")));
    }

    [Fact]
    public void Entry_that_the_service_does_not_have_is_offered_only_for_removal()
    {
        string id = Assert.Single(Ids("New-NanoBananaImage 'a red fox'"));
        Enqueue(EmulatorOperation.Poll, EmulatorFault.Status(404));
        Run($"Get-NanoBananaTask {id}")
            .OnlyError("TaskNotFound,NanoBanana.Commands.GetNanoBananaTaskCommand", ErrorCategory.ObjectNotFound);

        Assert.Empty(Tab("Save-NanoBananaImage -Id "));
        Assert.Single(Tab("Remove-NanoBananaTask "));

        Run($"Get-NanoBananaTask {id}").Ok();
        Assert.Single(Tab("Save-NanoBananaImage -Id "));
    }

    [Fact]
    public void Names_of_the_batch_are_offered_newest_first_with_their_prompts()
    {
        Run("""
            [pscustomobject]@{ Name = 'red [1]'; Prompt = 'a red fox' } | New-NanoBananaImage -Batch animals
            [pscustomobject]@{ Name = 'tree'; Prompt = 'an oak' } | New-NanoBananaImage -Batch trees
            """).Ok();

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
        Run("""
            'fox', 'owl [fail:5001095]' | New-NanoBananaImage -Batch animals -Wait
            'owl [fail:5001095]' | New-NanoBananaImage -Batch animals -Wait
            'oak' | New-NanoBananaImage -Batch 'old trees'
            """);

        foreach (string command in (string[])["New-NanoBananaImage x -Batch ", "Get-NanoBananaTask -Batch ", "Get-NanoBananaBatch "])
        {
            string[] offered = Tab(command);
            Assert.Equal(2, offered.Length);
            Assert.StartsWith("'old trees': 1 task; started ", offered[0], StringComparison.Ordinal);
            Assert.StartsWith("animals: 3 tasks; started ", offered[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Completion_and_WhatIf_create_no_journal_and_cause_no_error()
    {
        Assert.Empty(Tab("New-NanoBananaImage x -Batch "));
        Run(Preview).Ok();
        Assert.Empty(Folder.Files);

        File.WriteAllText(JournalPath, NotAJournal);
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
    public void ReadOnly_commands_do_not_create_a_journal(string script, string error)
    {
        // Without a journal name, tasks of the emulator are not journaled.
        SetJournal(null);
        Run("$global:task = New-NanoBananaImage fox -Wait").Ok();
        SetJournal(JournalPath);

        ShellResult result = Run(script);

        Assert.Empty(result.Output);
        ErrorRecord[] errors = result.Failure is null ? [.. result.Errors] : [result.Failure.ErrorRecord];
        Assert.Equal(error, string.Join(' ', errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0])));
        Assert.Empty(Folder.Files);
    }

    [Fact]
    public void Total_count_is_zero_without_a_journal_file() =>
        Assert.Equal("0", $"{Assert.Single(Run("Get-NanoBananaTask -First 5 -IncludeTotalCount").Ok()).BaseObject}");

    [Fact]
    public void ReadOnly_commands_do_not_change_the_journal_or_remove_expired_entries()
    {
        Run("$global:task = 'elk [fail:5001095]' | New-NanoBananaImage -Wait -ErrorAction SilentlyContinue");
        Run("'owl' | New-NanoBananaImage -Batch b").Ok();
        Value("UPDATE task SET created_at = 0");
        // A copy that is not open in this process.
        Value($"VACUUM INTO '{Folder["copy.db"]}'");
        SetJournal(Folder["copy.db"]);
        byte[] before = File.ReadAllBytes(Folder["copy.db"]);
        string[] files = [.. Folder.Files];

        Run("""
            $task | Export-NanoBananaGallery page -WhatIf
            Export-NanoBananaGallery page -Batch b -WhatIf
            $task | Remove-NanoBananaTask -WhatIf
            """).Ok();
        Assert.Equal(2, Run("Get-NanoBananaTask").Ok().Count);
        Assert.Single(Run("Get-NanoBananaBatch").Ok());

        Assert.Equal(before, File.ReadAllBytes(Folder["copy.db"]));
        Assert.Equal(files, Folder.Files);
    }

    [Fact]
    public void Journal_created_by_a_command_is_used_by_later_commands_of_the_pipeline()
    {
        Run("""
            'fox' | New-NanoBananaImage -Wait |
                ForEach-Object { $_ | Save-NanoBananaImage -FileName fox | Out-Null; $_ } | Export-NanoBananaGallery page
            """).Ok();
        Assert.Contains("src=\"fox.png\"", File.ReadAllText(Folder["page.html"]), StringComparison.Ordinal);

        SetJournal(Folder["other.db"]);
        Run("'owl' | New-NanoBananaImage -Wait | Remove-NanoBananaTask -Force").Ok();
        Assert.Empty(Run("Get-NanoBananaTask").Ok());
    }

    [Fact]
    public void Unreadable_journal_is_an_error_only_for_commands_that_need_it()
    {
        SetJournal(null);
        Run("'fox' | New-NanoBananaImage | Save-NanoBananaImage -FileName fox").Ok();
        SetJournal(JournalPath);
        File.WriteAllText(JournalPath, NotAJournal);
        Shell["files"] = new FileInfo(Folder["fox.png"]);

        Run("$files | Export-NanoBananaGallery page").Ok();
        Assert.Contains("src=\"fox.png\"", File.ReadAllText(Folder["page.html"]), StringComparison.Ordinal);
        Run("Export-NanoBananaGallery other -Batch b").OnlyError(
            "JournalRequired,NanoBanana.Commands.ExportNanoBananaGalleryCommand", ErrorCategory.ResourceUnavailable);
        Run("Get-NanoBananaTask").OnlyError(
            "JournalRequired,NanoBanana.Commands.GetNanoBananaTaskCommand", ErrorCategory.ResourceUnavailable);
        Run("Get-NanoBananaBatch").OnlyError(
            "JournalRequired,NanoBanana.Commands.GetNanoBananaBatchCommand", ErrorCategory.ResourceUnavailable);
    }

    /// <summary>Text that is longer than SQLite's header of 100 bytes, so that SQLite reads it.</summary>
    private static string NotAJournal => "not a journal " + new string('x', 100);

    /// <summary>Removes the tasks of this session from memory, so that only the journal has them.</summary>
    private void ReimportModule() => Run("Remove-Module NanoBanana; Import-Module $module").Ok();

    private string[] Tab(string line) =>
        [.. Run($$"""
            $line = '{{line}}'
            $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
            foreach ($match in $found.CompletionMatches) { "$($match.CompletionText): $($match.ToolTip)" }
            """).Ok().Select(offered => $"{offered}")];
}
