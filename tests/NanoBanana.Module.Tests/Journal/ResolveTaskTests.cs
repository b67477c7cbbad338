namespace NanoBanana.Module.Tests.Journal;

public sealed class ResolveTaskTests : JournalModuleTest
{
    private const string Resolve = "NanoBanana.Commands.ResolveNanoBananaTaskCommand";

    public ResolveTaskTests()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept(), times: 2);
        Run("""
            [pscustomobject]@{ Name = 'one'; Prompt = 'fox' }, [pscustomobject]@{ Name = 'two'; Prompt = 'owl' } |
                New-NanoBananaImage -Batch b -ThrottleLimit 1 -ErrorAction SilentlyContinue
            """);
        Shell["id"] = Emulator.Tasks.Single(task => task.Prompt == "fox").Id;
    }

    [Fact]
    public void Bought_task_can_be_waited_for_and_saved()
    {
        Assert.Single(Run("Get-NanoBananaTask -Name one | Resolve-NanoBananaTask -Bought $id | Save-NanoBananaImage").Ok());
        Assert.Equal(["owl"], Run("Get-NanoBananaTask -Status Unknown").Ok().Select(task => task.Text("Prompt")));
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void NotBought_request_is_submitted_by_the_next_run()
    {
        Run("Resolve-NanoBananaTask -Batch b -NotBought").Ok();
        Assert.Empty(Run("Get-NanoBananaTask -Status Unknown").Ok());
        IReadOnlyList<PSObject> saved = Run("""
            [pscustomobject]@{ Name = 'one'; Prompt = 'fox' }, [pscustomobject]@{ Name = 'two'; Prompt = 'owl' } |
                New-NanoBananaImage -Batch b | Save-NanoBananaImage
            """).Ok();
        Assert.Equal(2, saved.Count);
        Assert.Equal(4, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public void Id_can_be_assigned_to_only_one_task()
    {
        Run("Resolve-NanoBananaTask -Batch b -Bought $id").OnlyError($"InvalidRequest,{Resolve}", ErrorCategory.InvalidArgument);
        Run("Get-NanoBananaTask -Status Unknown | Resolve-NanoBananaTask -Bought $id").OnlyError(
            $"InvalidRequest,{Resolve}", ErrorCategory.InvalidArgument);
        Run("Resolve-NanoBananaTask -Batch b -Name no-such -NotBought").OnlyError($"TaskNotFound,{Resolve}", ErrorCategory.ObjectNotFound);
    }

    [Theory]
    [InlineData("Resolve-NanoBananaTask -Batch b -NotBought:$false")]
    [InlineData("Get-NanoBananaTask -Status Unknown | Resolve-NanoBananaTask -NotBought:$false")]
    public void NotBought_with_the_value_false_is_refused(string script)
    {
        Run(script).OnlyError($"InvalidRequest,{Resolve}", ErrorCategory.InvalidArgument);
        Assert.Equal(2, Run("Get-NanoBananaTask -Status Unknown").Ok().Count);
    }

    [Fact]
    public void WhatIf_changes_nothing()
    {
        Run("Resolve-NanoBananaTask -Batch b -NotBought -WhatIf").Ok();
        Assert.Equal(2, Run("Get-NanoBananaTask -Status Unknown").Ok().Count);
    }

    [Fact]
    public void Verdict_contains_user_and_time()
    {
        string line = Assert.Single(Run("(Resolve-NanoBananaTask -Batch b -Name two -NotBought).Verdict").Ok()).ToString();
        Assert.StartsWith($"not bought, by {Environment.UserName}@{Environment.MachineName} at 20", line, StringComparison.Ordinal);
    }
}
