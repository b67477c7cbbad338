namespace NanoBanana.Module.Tests.Queue;

/// <summary>The protocol of a connection. A task can be used only with its own protocol.</summary>
public sealed class ProtocolTests : QueueModuleTest
{
    [Theory]
    [InlineData("", "https://cloud.vtrix.ai/", "Generation")]
    [InlineData("-Protocol Queue", "https://cloud.seaart.ai/", "Queue")]
    [InlineData("-Endpoint https://cloud.seaart.ai", "https://cloud.seaart.ai/", "Queue")]
    [InlineData("-Endpoint https://odirouter.ai/", "https://odirouter.ai/", "Queue")]
    [InlineData("-Endpoint https://odirouter.ai/ -Protocol Generation", "https://odirouter.ai/", "Generation")]
    [InlineData("-Endpoint https://cloud.vtrix.ai/ -Protocol Queue", "https://cloud.vtrix.ai/", "Queue")]
    [InlineData("-Endpoint https://gateway.example/", "https://gateway.example/", "Generation")]
    public void Known_host_implies_its_protocol_and_protocol_its_host_unless_both_are_given(
        string arguments, string endpoint, string protocol)
    {
        PSObject connection = Assert.Single(Run($"Connect-NanoBanana -ApiKey x {arguments} -PassThru").Ok());

        Assert.Equal((endpoint, protocol), (connection.Text("Endpoint"), connection.Text("Protocol")));
    }

    [Fact]
    public void Null_endpoint_is_refused() =>
        Run("Connect-NanoBanana -ApiKey x -Endpoint $null")
            .OnlyError("ParameterArgumentValidationError,NanoBanana.Commands.ConnectNanoBananaCommand", ErrorCategory.InvalidData);

    [Theory]
    [InlineData("Wait-NanoBananaTask", "WaitNanoBananaTask")]
    [InlineData("Get-NanoBananaTask", "GetNanoBananaTask")]
    [InlineData("Save-NanoBananaImage", "SaveNanoBananaImage")]
    public void Task_of_the_other_protocol_is_refused_and_nothing_is_sent(string command, string name)
    {
        ShellResult result = Run($$"""
            $task = New-NanoBananaImage fox
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol Generation
            $task | {{command}}
            """);

        ErrorRecord error = result.OnlyError($"InvalidRequest,NanoBanana.Commands.{name}Command", ErrorCategory.InvalidArgument);
        Assert.Contains("-Protocol Queue", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(Emulator.Tasks[0].Id, error.Target().Text("Id"));
        Assert.Equal(0, Emulator.Counters.Polls);
    }

    [Fact]
    public void Both_protocols_can_be_used_at_the_same_time_with_two_connections()
    {
        IReadOnlyList<PSObject> saved = Run("""
            $queue = Get-NanoBananaConnection
            $generation = Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -PassThru
            'fox' | New-NanoBananaImage -Connection $queue | Save-NanoBananaImage -Connection $queue
            'fox' | New-NanoBananaImage -Connection $generation | Save-NanoBananaImage -Connection $generation
            """).Ok();

        Assert.Equal(["Queue", "Generation"], saved.Select(file => file.Part("Task").Text("Protocol")));
        Assert.Equal(["queue", "generation"], Emulator.Tasks.Select(task => task.Protocol));
    }
}
