namespace NanoBanana.Module.Tests.Connections;

public sealed class ConnectionTests : ModuleTest
{
    [Fact]
    public void Emulator_piped_into_Connect_serves_a_whole_pipeline()
    {
        IReadOnlyList<PSObject> output = Run("""
            Start-NanoBananaEmulator -TimeScale 0 -ApiKey a-key-of-its-own-1234 | Connect-NanoBanana
            (Get-NanoBananaConnection).MaskedKey
            New-NanoBananaImage fox | Wait-NanoBananaTask | Save-NanoBananaImage -FileName fox
            """).Ok();

        Assert.Equal("…1234", output[0].BaseObject);
        Assert.Equal((1024, 1024), Reading.PixelSize(Folder["fox.png"]));
        AssertNothingSent();
    }

    [Fact]
    public void Connect_sends_nothing_and_emits_nothing_without_PassThru()
    {
        Assert.Empty(Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey x").Ok());
        PSObject connection = Assert.Single(
            Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -PassThru").Ok());
        Assert.Equal(
            (Emulator.Endpoint, "Parameter", "…7f3a"),
            (connection.Get("Endpoint"), connection.Text("KeySource"), connection.Text("MaskedKey")));
        AssertNothingSent();
    }

    [Fact]
    public void Connection_can_be_used_in_other_runspaces()
    {
        IReadOnlyList<PSObject> tasks = Run("""
            $c = Get-NanoBananaConnection
            $m = $module
            'fox', 'owl', 'hare' | ForEach-Object -ThrottleLimit 3 -Parallel {
                Import-Module $using:m
                $_ | New-NanoBananaImage -Connection $using:c | Get-NanoBananaTask -Connection $using:c
            }
            """).Ok();

        Assert.Equal(["fox", "hare", "owl"], tasks.Select(t => t.Text("Prompt")).Order());
        Assert.Equal(3, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public void Each_runspace_has_its_own_connection()
    {
        using var other = EmulatorServer.Start(new EmulatorOptions { ApiKey = ApiKey });
        using ShellSession session = new ShellSession(Folder.Path).Import();
        session["emulator"] = other;
        session.Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey; New-NanoBananaImage owl").Ok();
        Run("New-NanoBananaImage fox").Ok();

        Assert.Equal(["fox"], Emulator.Tasks.Select(t => t.Prompt));
        Assert.Equal(["owl"], other.Tasks.Select(t => t.Prompt));
    }

    [Theory]
    [InlineData("Wait-NanoBananaTask", "Wait")]
    [InlineData("Get-NanoBananaTask", "Get")]
    [InlineData("Save-NanoBananaImage", "Save")]
    public void Task_of_another_endpoint_is_refused_and_its_id_is_not_sent(string command, string verb)
    {
        using var other = EmulatorServer.Start(new EmulatorOptions { ApiKey = ApiKey });
        Shell["other"] = other;

        ShellResult result = Run(
            $"$task = New-NanoBananaImage fox; Connect-NanoBanana -Endpoint $other.Endpoint -ApiKey $other.ApiKey; $task | {command}");

        string noun = verb == "Save" ? "NanoBananaImage" : "NanoBananaTask";
        ErrorRecord error = result.OnlyError($"InvalidRequest,NanoBanana.Commands.{verb}{noun}Command", ErrorCategory.InvalidArgument);
        Assert.Equal(Emulator.Tasks[0].Id, error.Target().Text("Id"));
        Assert.Contains(other.Endpoint.ToString(), error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, other.Counters.ConnectionsAccepted);
        Assert.Equal(0, Emulator.Counters.Polls);
    }

    [Fact]
    public void Key_is_not_sent_over_plain_http_to_another_machine()
    {
        ErrorRecord error = Run("Connect-NanoBanana -Endpoint http://api.example.com -ApiKey x")
            .OnlyError("InvalidRequest,NanoBanana.Commands.ConnectNanoBananaCommand", ErrorCategory.InvalidArgument);
        Assert.Contains("-AllowUnencryptedAuthentication", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(Emulator.Endpoint, Assert.Single(Run("Get-NanoBananaConnection").Ok()).Get("Endpoint"));

        Run("Connect-NanoBanana -Endpoint http://api.example.com -ApiKey x -AllowUnencryptedAuthentication").Ok();
        Run("Connect-NanoBanana -Endpoint https://api.example.com -ApiKey x").Ok();
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("somewhere")]
    [InlineData("https://user:word@api.example.com")]
    [InlineData("https://api.example.com?x=1")]
    public void Invalid_endpoint_is_refused(string endpoint) =>
        Run($"Connect-NanoBanana -Endpoint '{endpoint}' -ApiKey x")
            .OnlyError("InvalidRequest,NanoBanana.Commands.ConnectNanoBananaCommand", ErrorCategory.InvalidArgument);

    [Theory]
    [InlineData("''")]
    [InlineData("'a key'")]
    [InlineData("\"a`nb\"")]
    public void Invalid_key_is_refused(string key) =>
        Run($"Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey {key}")
            .OnlyError("ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand", ErrorCategory.AuthenticationError);

    [Fact]
    public void SecureString_or_vault_secret_is_accepted_as_key()
    {
        IReadOnlyList<PSObject> output = Run("""
            $secure = [securestring]::new(); $emulator.GetApiKey().ToCharArray() | ForEach-Object { $secure.AppendChar($_) }
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $secure
            (New-NanoBananaImage fox).Prompt
            function Get-Secret { param($Name, $Vault) if ($Name -eq 'banana' -and $Vault -eq 'safe') { $secure } }
            Connect-NanoBanana -Endpoint $emulator.Endpoint -SecretName banana -Vault safe
            (New-NanoBananaImage owl).Prompt
            (Get-NanoBananaConnection).KeySource
            """).Ok();

        Assert.Equal(["fox", "owl", "SecretVault"], output.Select(o => $"{o}"));
    }

    [Fact]
    public void Stop_stops_the_given_emulator_and_without_input_all_of_them()
    {
        IReadOnlyList<PSObject> emulators = Run("""
            $one = Start-NanoBananaEmulator; $two = Start-NanoBananaEmulator; $three = Start-NanoBananaEmulator
            $one | Stop-NanoBananaEmulator
            Connect-NanoBanana -Endpoint $two.Endpoint -ApiKey $two.ApiKey -MaximumRetryCount 0
            New-NanoBananaImage fox
            Stop-NanoBananaEmulator
            """).Ok();

        Assert.Single(emulators);
        Run("New-NanoBananaImage owl")
            .OnlyError("ApiKeyMissing,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.AuthenticationError);
    }
}
