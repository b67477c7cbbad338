namespace NanoBanana.Module.Tests.Journal;

/// <summary>Without a journal, a pipeline that leaves tasks unsaved warns with their ids and the command that saves them.</summary>
public sealed class UnsavedWithoutJournalTests : JournalModuleTest
{
    public UnsavedWithoutJournalTests() => SetJournal("off");

    [Fact]
    public void Wait_for_any_reports_the_tasks_that_are_still_running()
    {
        ShellResult result = Run("'slow [hold]', 'quick' | New-NanoBananaImage | Wait-NanoBananaTask -Any");

        string id = Emulator.Tasks.Single(task => task.Prompt != "quick").Id;
        Assert.EndsWith($"Save-NanoBananaImage -Destination FOLDER -Id {id}", result.Warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_of_Save_reports_the_unsaved_tasks()
    {
        ShellResult result = Run("'fox' | New-NanoBananaImage | Save-NanoBananaImage -Destination images -WhatIf");

        Assert.EndsWith(
            $"Save-NanoBananaImage -Destination images -Id {Emulator.Tasks.Single().Id}",
            result.Warnings[^1].Split(". To preview")[0],
            StringComparison.Ordinal);
    }
}
