namespace NanoBanana.Module.Tests.Images;

/// <summary>A preview of Save alone does not keep the command above from buying, so what was bought is told.</summary>
public sealed class UnsavedPreviewTests : ModuleTest
{
    [Fact]
    public void WhatIf_of_Save_below_a_purchase_ends_with_what_is_bought_and_the_way_to_save_it()
    {
        ShellResult result = Run("'fox', 'owl' | New-NanoBananaImage | Save-NanoBananaImage -Destination 'my images' -WhatIf");

        Assert.Empty(result.Good());
        string warning = Assert.Single(result.Warnings);
        Assert.StartsWith("2 tasks are paid for and not saved", warning, StringComparison.Ordinal);
        Assert.All(Emulator.Tasks, task => Assert.Contains(task.Id, warning, StringComparison.Ordinal));
        Assert.Contains("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination 'my images'", warning, StringComparison.Ordinal);
        Assert.Contains("-WhatIf with New-NanoBananaImage", warning, StringComparison.Ordinal);

        ShellResult saved = Run("Get-NanoBananaTask -Unsaved -Endpoint $emulator.Endpoint | Save-NanoBananaImage -Destination 'my images'");
        Assert.Equal(["fox", "owl"], saved.Good().Select(f => f.Part("Task").Text("Prompt")).Order());
    }

    [Theory]
    [InlineData("$task = New-NanoBananaImage fox; $task | Save-NanoBananaImage -WhatIf")]
    [InlineData("'fox' | New-NanoBananaImage -WhatIf | Save-NanoBananaImage -WhatIf")]
    [InlineData("$WhatIfPreference = $true; 'fox' | New-NanoBananaImage | Save-NanoBananaImage")]
    [InlineData("1..2 | ForEach-Object { 'fox' | New-NanoBananaImage -Batch b | Save-NanoBananaImage -WhatIf:($_ -eq 2) }")]
    public void Where_nothing_is_bought_above_or_all_is_saved_there_is_no_such_line(string script) =>
        Assert.Empty(Run(script).Warnings);

    [Fact]
    public void Through_a_command_in_between_it_is_told_too() =>
        Assert.Single(Run("'fox' | New-NanoBananaImage | Wait-NanoBananaTask | Where-Object Id | Save-NanoBananaImage -WhatIf").Warnings);
}
