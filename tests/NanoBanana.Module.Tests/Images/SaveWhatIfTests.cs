namespace NanoBanana.Module.Tests.Images;

/// <summary>-WhatIf of Save alone does not stop the command before it from submitting, so a warning lists the submitted tasks.</summary>
public sealed class SaveWhatIfTests : ModuleTest
{
    [Fact]
    public void WhatIf_of_Save_after_a_submission_warns_with_the_tasks_and_the_command_that_saves_them()
    {
        ShellResult result = Run("'fox', 'owl' | New-NanoBananaImage | Save-NanoBananaImage -Destination 'my images' -WhatIf");

        Assert.Empty(result.Ok());
        string warning = Assert.Single(result.Warnings);
        Assert.StartsWith("2 tasks are paid for and not saved", warning, StringComparison.Ordinal);
        Assert.All(Emulator.Tasks, task => Assert.Contains(task.Id, warning, StringComparison.Ordinal));
        Assert.Contains("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination 'my images'", warning, StringComparison.Ordinal);
        Assert.Contains("-WhatIf with New-NanoBananaImage", warning, StringComparison.Ordinal);

        ShellResult saved = Run("Get-NanoBananaTask -Unsaved -Endpoint $emulator.Endpoint | Save-NanoBananaImage -Destination 'my images'");
        Assert.Equal(["fox", "owl"], saved.Ok().Select(f => f.Part("Task").Text("Prompt")).Order());
    }

    [Theory]
    [InlineData("$task = New-NanoBananaImage fox; $task | Save-NanoBananaImage -WhatIf")]
    [InlineData("'fox' | New-NanoBananaImage -WhatIf | Save-NanoBananaImage -WhatIf")]
    [InlineData("$WhatIfPreference = $true; 'fox' | New-NanoBananaImage | Save-NanoBananaImage")]
    [InlineData("1..2 | ForEach-Object { 'fox' | New-NanoBananaImage -Batch b | Save-NanoBananaImage -WhatIf:($_ -eq 2) }")]
    public void No_warning_is_written_if_nothing_was_submitted_or_everything_was_saved(string script) =>
        Assert.Empty(Run(script).Warnings);

    [Fact]
    public void Warning_is_written_also_if_other_commands_are_in_between() =>
        Assert.Single(Run("'fox' | New-NanoBananaImage | Wait-NanoBananaTask | Where-Object Id | Save-NanoBananaImage -WhatIf").Warnings);
}
