namespace NanoBanana.Module.Tests.Journal;

/// <summary>Commands that submit nothing don't create or change the journal.</summary>
public sealed class ReadOnlyTests : JournalModuleTest
{
    [Theory]
    [InlineData("'fox' | New-NanoBananaImage -WhatIf -Connection $c")]
    [InlineData("'fox' | New-NanoBananaImage -Batch b -WhatIf -Connection $c")]
    [InlineData("New-NanoBananaImage fox -OutFile fox.png -WhatIf -Connection $c")]
    [InlineData("Get-NanoBananaTask -Connection $c")]
    [InlineData("Get-NanoBananaTask -Unsaved -IncludeTotalCount -Connection $c")]
    [InlineData("@() | New-NanoBananaImage -Connection $c")]
    [InlineData("@() | Wait-NanoBananaTask -Connection $c")]
    [InlineData("$task | Save-NanoBananaImage -WhatIf -Connection $c")]
    [InlineData("$task | Stop-NanoBananaTask -WhatIf -Connection $c")]
    [InlineData("Save-NanoBananaImage -Id $task.Id -WhatIf -Connection $c")]
    [InlineData("Save-NanoBananaImage -Id 'two words' -Connection $c")]
    [InlineData("Get-NanoBananaTask -Batch b -Name n -Connection $c")]
    [InlineData("New-NanoBananaImage fox -Batch b -OutFile fox.png -WhatIf -Connection $c")]
    public void ReadOnly_commands_do_not_create_a_journal(string script)
    {
        // Tasks of the emulator are journaled only if a journal is named.
        SetJournal(null);
        Run("$task = New-NanoBananaImage fox; $c = Get-NanoBananaConnection").Ok();
        SetJournal(JournalPath);
        Run(script);
        Assert.Empty(Folder.Files);
    }

    [Fact]
    public void First_command_loads_the_views_even_if_it_is_the_gallery()
    {
        const string Nested = "(Get-Module NanoBanana).NestedModules | ForEach-Object Name";
        Run("Remove-Module NanoBanana; Import-Module $module").Ok();
        Assert.Empty(Run(Nested).Ok());
        Run("Export-NanoBananaGallery page -Batch none");
        Assert.Equal("NanoBanana.Views", Assert.Single(Run(Nested).Ok()).ToString());
    }
}
