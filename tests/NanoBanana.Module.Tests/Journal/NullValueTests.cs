namespace NanoBanana.Module.Tests.Journal;

/// <summary>A null value is refused or ignored. It never selects everything.</summary>
public sealed class NullValueTests : JournalModuleTest
{
    private const string GetBatch = "NanoBanana.Commands.GetNanoBananaBatchCommand";

    [Theory]
    [InlineData("New-NanoBananaImage owl")]
    [InlineData("New-NanoBananaImage owl -Name named")]
    [InlineData("New-NanoBananaImage owl -Name b")]
    [InlineData("[pscustomobject]@{ Batch = $null }")]
    [InlineData("[pscustomobject]@{ Batch = ' ' }")]
    public void Task_without_a_batch_gets_no_batch(string task)
    {
        Run("New-NanoBananaImage fox -Batch b").Ok();
        ShellResult result = Run($"{task} | Get-NanoBananaBatch -Verbose");
        Assert.Empty(result.Ok());
        Assert.Contains(result.Verbose, line => line.Contains("no batch", StringComparison.Ordinal));
    }

    [Fact]
    public void Tasks_with_and_without_a_batch_get_only_the_existing_batches()
    {
        ShellResult result = Run(
            "& { New-NanoBananaImage owl; New-NanoBananaImage fox -Batch b; New-NanoBananaImage elk } | Get-NanoBananaBatch");
        Assert.Equal("b", Assert.Single(result.Ok()).Text("Batch"));
    }

    [Fact]
    public void Batch_can_be_piped_by_name_and_as_an_object()
    {
        Run("New-NanoBananaImage fox -Batch b; New-NanoBananaImage fox -Batch c").Ok();
        Assert.Equal("b", Assert.Single(Run("'b' | Get-NanoBananaBatch").Ok()).Text("Batch"));
        Assert.Equal(2, Run("Get-NanoBananaBatch | Get-NanoBananaBatch").Ok().Count);
        Assert.Empty(Run("@() | Get-NanoBananaBatch").Ok());
    }

    [Theory]
    [InlineData("Get-NanoBananaBatch $nothing")]
    [InlineData("Get-NanoBananaBatch -Batch ''")]
    [InlineData("Get-NanoBananaTask -Batch $nothing")]
    [InlineData("Get-NanoBananaTask -Name $nothing")]
    [InlineData("Get-NanoBananaTask -Name ''")]
    [InlineData("Get-NanoBananaTask -Status $nothing")]
    [InlineData("Get-NanoBananaTask -Status @()")]
    [InlineData("New-NanoBananaImage owl -Batch $nothing")]
    [InlineData("'owl' | New-NanoBananaImage -Batch $nothing")]
    [InlineData("Get-NanoBananaTask -Before $nothing")]
    [InlineData("Get-NanoBananaTask -After $nothing")]
    [InlineData("Get-NanoBananaTask -Id $nothing")]
    [InlineData("[pscustomobject]@{ Id = $null } | Get-NanoBananaTask")]
    [InlineData("$null | Get-NanoBananaTask")]
    [InlineData("[pscustomobject]@{ Id = $null } | Remove-NanoBananaTask -Force")]
    [InlineData("[pscustomobject]@{ Id = '' } | Save-NanoBananaImage")]
    [InlineData("[pscustomobject]@{ Id = $null } | Wait-NanoBananaTask")]
    [InlineData("[pscustomobject]@{ Id = $null } | Stop-NanoBananaTask")]
    [InlineData("Export-NanoBananaGallery g -Batch $nothing")]
    [InlineData("Stop-NanoBananaBatch $nothing")]
    [InlineData("[pscustomobject]@{ Batch = $null } | Stop-NanoBananaBatch")]
    public void Null_value_is_refused_and_does_not_select_everything(string script)
    {
        Run("New-NanoBananaImage fox -Batch b -Name n -Wait").Ok();
        ShellResult result = Run(script);
        Assert.Empty(result.Output);
        Assert.True(result.Failure is not null || result.Errors.Count == 1);
        Assert.Single(Run("Get-NanoBananaTask").Ok());
    }

    [Fact]
    public void Null_in_a_list_of_batch_names_is_one_error()
    {
        Run("New-NanoBananaImage fox -Batch b").Ok();
        ShellResult result = Run("Get-NanoBananaBatch b, $nothing");
        result.OnlyError($"InvalidRequest,{GetBatch}", ErrorCategory.InvalidArgument);
        Assert.Equal("b", Assert.Single(result.Output).Text("Batch"));
    }

    [Fact]
    public void Null_stops_no_emulator()
    {
        ShellResult result = Run("$own = Start-NanoBananaEmulator; Stop-NanoBananaEmulator $nothing");
        Assert.True(result.Failure is not null || result.Errors.Count == 1);
        Run("$own | Connect-NanoBanana; New-NanoBananaImage fox; Stop-NanoBananaEmulator").Ok();
    }

    [Fact]
    public void Null_batch_name_is_InvalidRequest()
    {
        ShellResult result = Run("Get-NanoBananaBatch $nothing");
        ErrorRecord error = result.Failure?.ErrorRecord ?? Assert.Single(result.Errors);
        Assert.Equal($"InvalidRequest,{GetBatch}", error.FullyQualifiedErrorId);
    }
}
