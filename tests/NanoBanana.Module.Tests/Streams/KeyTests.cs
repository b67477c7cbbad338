namespace NanoBanana.Module.Tests.Streams;

/// <summary>No stream contains the key, even after errors.</summary>
public sealed class KeyTests : ModuleTest
{
    [Fact]
    public void Key_is_in_no_stream_of_a_run_with_every_kind_of_fault()
    {
        string echo = $$"""{"error":{"code":"{{ApiKey}}","message":"the key {{ApiKey}} is odd"},"request_id":"{{ApiKey}}"}""";
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(400, body: echo));
        Enqueue(EmulatorOperation.Create, EmulatorFault.Reset());
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(429, retryAfterSeconds: 0, body: echo));
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(500, body: echo));
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(200, body: echo));
        Enqueue(EmulatorOperation.Create, EmulatorFault.Redirect(new Uri($"https://example.com/?key={ApiKey}")));
        Enqueue(EmulatorOperation.Poll, EmulatorFault.Status(502, body: echo));
        Enqueue(EmulatorOperation.Download, EmulatorFault.Status(404, body: echo));
        Enqueue(EmulatorOperation.Download, EmulatorFault.Status(404, body: echo));

        ShellResult result = Run("""
            $VerbosePreference = $DebugPreference = 'Continue'
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -PassThru | Out-Default
            1..9 | ForEach-Object { "fox $_" } | New-NanoBananaImage -ThrottleLimit 1 | Wait-NanoBananaTask |
                Save-NanoBananaImage -ThrottleLimit 1
            $emulator.Enqueue('Create', $fault)
            'last', 'very last' | New-NanoBananaImage -ThrottleLimit 1
            Get-NanoBananaTask -Id unknown
            Get-NanoBananaConnection | Out-Default
            """.Replace("$fault", $"[NanoBanana.Emulator.EmulatorFault]::Status(401, $null, '{echo}')", StringComparison.Ordinal));

        Assert.InRange(result.Errors.Count, 6, 12);
        Assert.NotEmpty(result.Output);
        Assert.DoesNotContain(ApiKey, result.AllText(), StringComparison.Ordinal);
        Assert.Contains("…7f3a", result.AllText(), StringComparison.Ordinal);
        Assert.Equal(0, Emulator.Counters.DownloadsWithAuthorization);
    }

    [Fact]
    public void Key_is_in_no_property_of_a_connection()
    {
        PSObject connection = Assert.Single(Run("Get-NanoBananaConnection").Ok());
        string[] values = [.. connection.Properties.Select(p => $"{p.Name}={p.Value}")];
        Assert.DoesNotContain(values, v => v.Contains(ApiKey, StringComparison.Ordinal));
        Assert.Contains("MaskedKey=…7f3a", values);
        Assert.Contains("KeySource=Parameter", values);
    }

    [Theory]
    [InlineData("-ApiKey @{ Key = '$key' }")]
    [InlineData("-ApiKey ([pscustomobject]@{ Key = '$key' })")]
    [InlineData("-ApiKey '$key', '$key'")]
    [InlineData("-ApiKey @{ ApiKey = @{ Key = '$key' } }")]
    [InlineData("-ApiKey ([Text.StringBuilder]'$key')")]
    [InlineData("-ApiKey ('$key'.ToCharArray())")]
    public void Value_without_a_usable_key_is_refused_and_not_shown(string arguments)
    {
        string value = arguments.Replace("-ApiKey ", "", StringComparison.Ordinal);
        string[] commands =
        [
            $"Connect-NanoBanana {arguments}", $"{value} | Connect-NanoBanana",
            $"[pscustomobject]@{{ ApiKey = {value} }} | Connect-NanoBanana",
        ];
        foreach (string command in commands)
        {
            ShellResult result = Run(command.Replace("$key", ApiKey, StringComparison.Ordinal));

            // Two keys from the pipeline are two strings, and the last one is used.
            if (command.StartsWith('\''))
                Assert.Empty(result.Errors);
            else
                result.OnlyError("ApiKeyMissing,NanoBanana.Commands.ConnectNanoBananaCommand", ErrorCategory.AuthenticationError);
            Assert.DoesNotContain(ApiKey, result.AllText(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("'$key' | Connect-NanoBanana -PassThru")]
    [InlineData("ConvertTo-SecureString '$key' -AsPlainText -Force | Connect-NanoBanana -PassThru")]
    [InlineData("Connect-NanoBanana ([pscredential]::new('me', (ConvertTo-SecureString '$key' -AsPlainText -Force))) -PassThru")]
    [InlineData("Connect-NanoBanana -ApiKey @{ ApiKey = '$key' } -PassThru")]
    [InlineData("Connect-NanoBanana -ApiKey $emulator -PassThru")]
    public void Key_is_accepted_in_all_supported_types(string command) =>
        Assert.Equal("…7f3a", Assert.Single(Run(command.Replace("$key", ApiKey, StringComparison.Ordinal)).Ok()).Text("MaskedKey"));
}
