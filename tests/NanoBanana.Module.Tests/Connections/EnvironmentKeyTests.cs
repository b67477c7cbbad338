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
    public void Missing_key_ends_the_command_with_advice(string script, string command)
    {
        ErrorRecord error = Run(script).OnlyError($"ApiKeyMissing,NanoBanana.Commands.{command}", ErrorCategory.AuthenticationError);
        Assert.Contains("$env:NANOBANANA_API_KEY", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Start-NanoBananaEmulator | Connect-NanoBanana", error.ToString(), StringComparison.Ordinal);
        AssertNothingSent();
    }

    [Fact]
    public void WhatIf_needs_no_key()
    {
        ShellResult result = Run("'a red fox' | New-NanoBananaImage -Resolution 4K -WhatIf");
        Assert.Empty(result.Ok());
        Assert.Contains("2520 output tokens", Assert.Single(result.HostLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Get_without_a_connection_emits_nothing_and_no_error() =>
        Assert.Empty(Run("Get-NanoBananaConnection").Ok());

    [Fact]
    public void Environment_key_alone_connects_to_the_service()
    {
        using var key = new KeyVariable("a-key-from-outside-5678");
        PSObject connection = Assert.Single(Run("Get-NanoBananaConnection").Ok());
        Assert.Equal(
            ("https://cloud.vtrix.ai/", "Environment", "…5678"),
            (connection.Text("Endpoint"), connection.Text("KeySource"), connection.Text("MaskedKey")));
    }

    [Fact]
    public void Key_from_the_environment_changes_with_the_variable()
    {
        using var key = new KeyVariable("an-old-key-of-someone-1111");
        Run(Connect).Ok();
        Run("New-NanoBananaImage fox").OnlyError(
            "ApiKeyRejected,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.AuthenticationError);

        KeyVariable.Set(ApiKey);
        Assert.Equal("fox", Assert.Single(Run("New-NanoBananaImage fox").Ok()).Text("Prompt"));
        PSObject connection = Assert.Single(Run("Get-NanoBananaConnection").Ok());
        Assert.Equal((Emulator.Endpoint, "…7f3a"), (connection.Get("Endpoint"), connection.Text("MaskedKey")));
    }

    [Fact]
    public void Explicit_key_does_not_change_with_the_variable()
    {
        Run(Connect + " -ApiKey $emulator.ApiKey").Ok();
        using var key = new KeyVariable("another-key-2222");
        Assert.Single(Run("New-NanoBananaImage fox").Ok());
    }

    [Theory]
    [InlineData(" -ApiKey $notSet")]
    [InlineData(" $notSet")]
    public void Null_in_place_of_the_key_does_not_use_the_environment(string key)
    {
        using var variable = new KeyVariable("a-key-for-another-service-3333");
        Run(Connect + key).OnlyError("ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand", ErrorCategory.AuthenticationError);
        Assert.NotEqual(Emulator.Endpoint, Assert.Single(Run("Get-NanoBananaConnection").Ok()).Get("Endpoint"));
    }

    [Fact]
    public void Disconnect_removes_the_key()
    {
        Run(Connect + " -ApiKey $emulator.ApiKey; New-NanoBananaImage fox").Ok();
        Run("Disconnect-NanoBanana").Ok();
        Run("New-NanoBananaImage owl").OnlyError(
            "ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.AuthenticationError);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Disconnect_does_not_affect_accepted_tasks()
    {
        Run(Connect + " -ApiKey $emulator.ApiKey; $c = Get-NanoBananaConnection; $task = New-NanoBananaImage fox; Disconnect-NanoBanana")
            .Ok();
        Assert.Equal("Completed", Assert.Single(Run("$task | Get-NanoBananaTask -Connection $c").Ok()).Text("Status"));
    }

    [Fact]
    public void A_secret_without_a_vault_module_is_ApiKeyMissing() =>
        Run(Connect + " -SecretName banana").OnlyError(
            "ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand", ErrorCategory.AuthenticationError);
}
