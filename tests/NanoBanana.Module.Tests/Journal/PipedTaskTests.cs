namespace NanoBanana.Module.Tests.Journal;

/// <summary>Tasks piped to New-NanoBananaImage: a completed one is made again, a failed one is retried.</summary>
public sealed class PipedTaskTests : JournalModuleTest
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
    public void Completed_task_is_made_again_without_its_batch(string again)
    {
        PSObject made = Assert.Single(
            Run($"$task = New-NanoBananaImage fox -Name n -Batch b -Wait; & {{ {again} }} | New-NanoBananaImage").Ok());

        Assert.Equal(2, Emulator.Counters.CreatesReceived);
        Assert.Equal(("fox", "n", null), (made.Text("Prompt"), made.Text("Name"), made.Get("Batch")));
        Assert.Equal("1", Assert.Single(Run("Get-NanoBananaBatch b").Ok()).Text("Total"));
    }

    [Fact]
    public void WhatIf_announces_that_a_completed_task_is_submitted_again()
    {
        ShellResult preview = Run("New-NanoBananaImage fox -Batch b -Wait | New-NanoBananaImage -WhatIf");
        Assert.Contains(preview.HostLines, line => line.Contains("Buy 1 image", StringComparison.Ordinal));
    }

    [Fact]
    public void Batch_parameter_applies_to_completed_tasks()
    {
        const string Again = "Get-NanoBananaTask -Batch b | New-NanoBananaImage -Batch ";
        Run("New-NanoBananaImage fox -Batch b -Wait").Ok();
        Assert.Equal("c", Assert.Single(Run(Again + "c").Ok()).Text("Batch"));
        Run(Again + "c; " + Again + "b").Ok();
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Failed_task_is_retried_in_its_batch()
    {
        Assert.NotEmpty(Run("'fox [fail:5001095]' | New-NanoBananaImage -Batch b -Wait").Errors);
        Assert.Equal("b", Assert.Single(Run("Get-NanoBananaTask -Status Failed | New-NanoBananaImage").Ok()).Text("Batch"));
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Running_task_is_not_submitted_twice()
    {
        Run("$task = New-NanoBananaImage fox -Batch b; $task | New-NanoBananaImage").Ok();
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Row_that_is_not_a_task_keeps_its_batch()
    {
        Run("""
            1..2 | ForEach-Object { [pscustomobject]@{ Id = 7; Status = 'Completed'; Prompt = 'fox'; Batch = 'b' } | New-NanoBananaImage }
            """).Ok();
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Task_as_an_argument_is_refused_with_advice_to_pipe_it()
    {
        Run("$task = New-NanoBananaImage fox -Batch b -Wait").Ok();
        ErrorRecord error = Run("$task = Get-NanoBananaTask -Batch b; New-NanoBananaImage -InputObject $task")
            .OnlyError($"InvalidRequest,{New}", ErrorCategory.InvalidArgument);
        Assert.Contains("pipe it", error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no Prompt", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }
}
