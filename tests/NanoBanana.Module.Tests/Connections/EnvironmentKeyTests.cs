namespace NanoBanana.Module.Tests.Connections;

[Collection(ProcessWide.Name)]
public sealed class EnvironmentKeyTests() : ModuleTest(connect: false)
{
    private const string Connect = "Connect-NanoBanana -Endpoint $emulator.Endpoint";

    [Theory]
    [InlineData("'fox' | New-NanoBananaImage", "NewNanoBananaImageCommand")]
    [InlineData("New-NanoBananaImage fox -OutFile fox.png", "NewNanoBananaImageCommand")]
    [InlineData("Wait-NanoBananaTask -Id x", "WaitNanoBananaTaskCommand")]
    [InlineData("Get-NanoBananaTask -Id x", "GetNanoBananaTaskCommand")]
    [InlineData("Save-NanoBananaImage -Id x", "SaveNanoBananaImageCommand")]
    [InlineData(Connect, "ConnectNanoBananaCommand")]
    public void No_key_is_an_error_that_ends_the_command_and_says_where_to_get_one(string script, string command)
    {
        ErrorRecord error = Run(script).OnlyError($"ApiKeyMissing,NanoBanana.Commands.{command}", ErrorCategory.AuthenticationError);
        Assert.Contains("$env:NANOBANANA_API_KEY", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Start-NanoBananaEmulator | Connect-NanoBanana", error.ToString(), StringComparison.Ordinal);
        NothingWasSent();
    }

    [Fact]
    public void WhatIf_needs_no_key()
    {
        ShellResult result = Run("'a red fox' | New-NanoBananaImage -Resolution 4K -WhatIf");
        Assert.Empty(result.Good());
        Assert.Contains("2520 output tokens", Assert.Single(result.HostLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Asking_for_the_connection_is_no_mistake_when_there_is_none() =>
        Assert.Empty(Run("Get-NanoBananaConnection").Good());

    [Fact]
    public void The_variable_alone_is_enough_to_be_connected_to_the_service()
    {
        using var key = new KeyVariable("a-key-from-outside-5678");
        PSObject connection = Assert.Single(Run("Get-NanoBananaConnection").Good());
        Assert.Equal(
            ("https://cloud.vtrix.ai/", "Environment", "…5678"),
            (connection.Text("Endpoint"), connection.Text("KeySource"), connection.Text("MaskedKey")));
    }

    [Fact]
    public void A_key_from_the_environment_follows_the_environment()
    {
        using var key = new KeyVariable("an-old-key-of-someone-1111");
        Run(Connect).Good();
        Run("New-NanoBananaImage fox").OnlyError("ApiKeyRejected,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.AuthenticationError);

        KeyVariable.Set(ApiKey);
        Assert.Equal("fox", Assert.Single(Run("New-NanoBananaImage fox").Good()).Text("Prompt"));
        PSObject connection = Assert.Single(Run("Get-NanoBananaConnection").Good());
        Assert.Equal((Emulator.Endpoint, "…7f3a"), (connection.Get("Endpoint"), connection.Text("MaskedKey")));
    }

    [Fact]
    public void A_key_that_was_given_does_not_follow_the_environment()
    {
        Run(Connect + " -ApiKey $emulator.ApiKey").Good();
        using var key = new KeyVariable("another-key-2222");
        Assert.Single(Run("New-NanoBananaImage fox").Good());
    }

    [Fact]
    public void Disconnect_forgets_the_key()
    {
        Run(Connect + " -ApiKey $emulator.ApiKey; New-NanoBananaImage fox").Good();
        Run("Disconnect-NanoBanana").Good();
        Run("New-NanoBananaImage owl").OnlyError("ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.AuthenticationError);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Disconnect_does_not_disturb_a_task_that_was_accepted()
    {
        Run(Connect + " -ApiKey $emulator.ApiKey; $c = Get-NanoBananaConnection; $task = New-NanoBananaImage fox; Disconnect-NanoBanana").Good();
        Assert.Equal("Completed", Assert.Single(Run("$task | Get-NanoBananaTask -Connection $c").Good()).Text("Status"));
    }

    [Fact]
    public void A_secret_without_a_vault_module_is_ApiKeyMissing() =>
        Run(Connect + " -SecretName banana").OnlyError("ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand", ErrorCategory.AuthenticationError);
}
