namespace NanoBanana.Module.Tests.Journal;

/// <summary>Tasks that are piped to New-NanoBananaImage: a completed one is made again, one that failed is tried again.</summary>
public sealed class MadeAgainTests : JournalModuleTest
{
    private const string New = "NanoBanana.Commands.NewNanoBananaImageCommand";

    [Theory]
    [InlineData("$task")]
    [InlineData("Get-NanoBananaTask -Batch b")]
    [InlineData("Get-NanoBananaTask $task.Id")]
    [InlineData("$task | Export-Clixml t.xml; Import-Clixml t.xml")]
    [InlineData("$task | Export-Csv t.csv; Import-Csv t.csv | Select-Object * -ExcludeProperty ResponseModality")]
    [InlineData("$task | ConvertTo-Json -Depth 5 | ConvertFrom-Json")]
    [InlineData("$task | ConvertTo-Json -Depth 5 -EnumsAsStrings | ConvertFrom-Json")]
    [InlineData("$task | Select-Object *")]
    public void A_completed_task_is_made_again_without_its_batch(string again)
    {
        PSObject made = Assert.Single(Run($"$task = New-NanoBananaImage fox -Name n -Batch b -Wait; & {{ {again} }} | New-NanoBananaImage").Good());

        Assert.Equal(2, Emulator.Counters.CreatesReceived);
        Assert.Equal(("fox", "n", null), (made.Text("Prompt"), made.Text("Name"), made.Get("Batch")));
        Assert.Equal("1", Assert.Single(Run("Get-NanoBananaBatch b").Good()).Text("Total"));
    }

    [Fact]
    public void WhatIf_says_that_a_completed_task_is_bought_again()
    {
        ShellResult preview = Run("New-NanoBananaImage fox -Batch b -Wait | New-NanoBananaImage -WhatIf");
        Assert.Contains(preview.HostLines, line => line.Contains("Buy 1 image", StringComparison.Ordinal));
    }

    [Fact]
    public void A_batch_on_the_command_line_holds_for_completed_tasks_too()
    {
        const string Again = "Get-NanoBananaTask -Batch b | New-NanoBananaImage -Batch ";
        Run("New-NanoBananaImage fox -Batch b -Wait").Good();
        Assert.Equal("c", Assert.Single(Run(Again + "c").Good()).Text("Batch"));
        Run(Again + "c; " + Again + "b").Good();
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void A_failed_task_is_tried_again_in_its_batch()
    {
        Assert.NotEmpty(Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -Wait").Errors);
        Assert.Equal("b", Assert.Single(Run("Get-NanoBananaTask -Status Failed | New-NanoBananaImage").Good()).Text("Batch"));
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void A_task_that_is_not_done_is_not_bought_twice()
    {
        Run("$task = New-NanoBananaImage fox -Batch b; $task | New-NanoBananaImage").Good();
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void A_row_of_a_users_own_table_keeps_its_batch()
    {
        Run("1..2 | ForEach-Object { [pscustomobject]@{ Id = 7; Status = 'Completed'; Prompt = 'fox'; Batch = 'b' } | New-NanoBananaImage }").Good();
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void An_object_as_an_argument_is_refused_with_the_way_that_binds_its_properties()
    {
        Run("$task = New-NanoBananaImage fox -Batch b -Wait").Good();
        ErrorRecord error = Run("$task = Get-NanoBananaTask -Batch b; New-NanoBananaImage -InputObject $task").OnlyError($"InvalidRequest,{New}", ErrorCategory.InvalidArgument);
        Assert.Contains("pipe it", error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no Prompt", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }
}
