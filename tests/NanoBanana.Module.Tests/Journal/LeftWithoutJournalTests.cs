namespace NanoBanana.Module.Tests.Journal;

/// <summary>Without a journal the ids of tasks that a pipeline leaves unsaved are told in a line that saves them.</summary>
public sealed class LeftWithoutJournalTests : JournalModuleTest
{
    public LeftWithoutJournalTests() => Name("off");

    [Fact]
    public void Tasks_that_a_wait_for_any_leaves_running()
    {
        ShellResult result = Run("'slow [hold]', 'quick' | New-NanoBananaImage | Wait-NanoBananaTask -Any");

        string id = Emulator.Tasks.Single(task => task.Prompt != "quick").Id;
        Assert.EndsWith($"Save-NanoBananaImage -Destination FOLDER -Id {id}", result.Warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_that_a_preview_does_not_save()
    {
        ShellResult result = Run("'fox' | New-NanoBananaImage | Save-NanoBananaImage -Destination images -WhatIf");

        Assert.EndsWith(
            $"Save-NanoBananaImage -Destination images -Id {Emulator.Tasks.Single().Id}",
            result.Warnings[^1].Split(". To preview")[0],
            StringComparison.Ordinal);
    }
}
