namespace NanoBanana.Module.Tests.Tasks;

public sealed class GetTaskTests : ModuleTest
{
    private const string Command = "NanoBanana.Commands.GetNanoBananaTaskCommand";

    [Fact]
    public void Get_polls_once_and_emits_a_running_task()
    {
        Run("$task = New-NanoBananaImage 'fox [hold]'").Ok();

        PSObject held = Assert.Single(Run("Get-NanoBananaTask -Id $task.Id").Ok());
        Assert.Equal((Emulator.Tasks[0].Id, "Running"), (held.Text("Id"), held.Text("Status")));
        Assert.Equal(1, Emulator.Counters.Polls);

        Emulator.Release();
        Assert.Equal("Completed", Assert.Single(Run("Get-NanoBananaTask $task.Id").Ok()).Text("Status"));
        Assert.Equal(2, Emulator.Counters.Polls);
    }

    [Fact]
    public void Ids_bind_by_pipeline_and_property_name()
    {
        Run("$ids = ('fox', 'owl' | New-NanoBananaImage).Id").Ok();
        Assert.Equal(2, Run("$ids | Get-NanoBananaTask").Ok().Count);
        Assert.Equal(2, Run("$ids | ForEach-Object { [pscustomobject]@{ id = $_ } } | Get-NanoBananaTask").Ok().Count);
        Assert.Equal(4, Emulator.Counters.Polls);
    }

    [Fact]
    public void Piped_task_is_updated_and_keeps_its_known_values()
    {
        PSObject task = Assert.Single(Run("New-NanoBananaImage fox -Name my-fox -AspectRatio 3:2 | Get-NanoBananaTask").Ok());
        Assert.Equal(
            ("Completed", "fox", "my-fox", "3:2"),
            (task.Text("Status"), task.Text("Prompt"), task.Text("Name"), task.Text("AspectRatio")));
    }

    [Fact]
    public void Id_that_the_service_does_not_have_is_TaskNotFound()
    {
        ErrorRecord error = Run("Get-NanoBananaTask -Id d758n65e878c73cmdg20").OnlyError(
            $"TaskNotFound,{Command}", ErrorCategory.ObjectNotFound);
        Assert.Equal("d758n65e878c73cmdg20", $"{error.TargetObject}");
        Assert.Equal(1, Emulator.Counters.Polls);
    }

    [Theory]
    [InlineData("'../x y'")]
    [InlineData("'..'")]
    [InlineData("'  '")]
    public void Invalid_id_is_refused_before_it_is_sent(string id)
    {
        Run($"Get-NanoBananaTask -Id {id}").OnlyError($"InvalidRequest,{Command}", ErrorCategory.InvalidArgument);
        AssertNothingSent();
    }

    [Fact]
    public void Hashtable_is_not_an_id()
    {
        Run("Get-NanoBananaTask -Id @{ Id = 'x' }").OnlyError($"ParameterArgumentTransformationError,{Command}", ErrorCategory.InvalidData);
        AssertNothingSent();
    }
}
