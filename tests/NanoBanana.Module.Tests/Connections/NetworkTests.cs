using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Module.Tests.Connections;

/// <summary>Proxies and gateways as an operator sets them up.</summary>
public sealed class NetworkTests : ModuleTest
{
    private const string Connect = "NanoBanana.Commands.ConnectNanoBananaCommand";
    private const string Secret = "gateway-secret-0123456789abcdef";

    [Fact]
    public void Headers_go_to_the_api_and_only_their_names_are_shown()
    {
        Shell["secure"] = new NetworkCredential("", Secret).SecurePassword;
        ShellResult result = Run("""
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Header @{ 'X-Token' = $secure } -PassThru |
                Tee-Object -Variable c
            $c | Format-List | Out-String; $c | ConvertTo-Json -Depth 5; $c | Format-List * -Force | Out-String
            New-NanoBananaImage fox -Wait -Verbose -Debug | Save-NanoBananaImage out -Verbose -Debug
            """);
        result.Ok();
        Assert.Equal(["X-Token"], (IReadOnlyList<string>)result.Output[0].Get("Header")!);
        Assert.DoesNotContain(Secret, result.AllText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@{ Authorization = 'x-secret' }", "Authorization")]
    [InlineData("@{ 'Content-Type' = 'x-secret' }", "Content-Type")]
    [InlineData("@{ 'X-Team' = \"x-secret`r`nX-Other: 1\" }", "X-Team")]
    [InlineData("@{ 'X-Team' = $null }", "X-Team")]
    [InlineData("@{ 'X-Team' = @('x-secret', 'b') }", "X-Team")]
    [InlineData("@{ 'X Team' = 'x-secret' }", "X Team")]
    public void Header_that_cannot_be_sent_is_refused_without_showing_its_value(string header, string name)
    {
        ShellResult result = Run($"Connect-NanoBanana -ApiKey k -Header {header}");
        ErrorRecord error = result.Failure?.ErrorRecord ?? Assert.Single(result.Errors);
        Assert.Equal($"InvalidRequest,{Connect}", error.FullyQualifiedErrorId);
        Assert.Contains(name, error.Exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("x-secret", result.AllText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Proxy http://me:x-secret@proxy.example:8080 -ProxyUseDefaultCredentials")]
    [InlineData("-ProxyCredential $credential -ProxyUseDefaultCredentials")]
    [InlineData("-Proxy http://me:x-secret@proxy.example:8080 -ProxyCredential $credential")]
    [InlineData("-Proxy gopher://me:x-secret@proxy.example:8080")]
    public void Contradicting_proxy_credentials_are_refused_and_not_shown(string parameters)
    {
        Shell["credential"] = new PSCredential("me", new NetworkCredential("", "x-secret").SecurePassword);
        ShellResult result = Run($"Connect-NanoBanana -ApiKey k {parameters}");
        ErrorRecord error = result.Failure?.ErrorRecord ?? Assert.Single(result.Errors);
        Assert.Equal($"InvalidRequest,{Connect}", error.FullyQualifiedErrorId);
        Assert.DoesNotContain("x-secret", result.AllText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTPS_PROXY")]
    [InlineData("ALL_PROXY")]
    public async Task Environment_proxy_is_shown_without_its_password(string variable)
    {
        using var proxy = new FakeProxy();
        string[] lines = await FreshProcess.RunAsync($$"""
            $env:{{variable}} = 'http://me:x-secret@127.0.0.1:{{proxy.Port}}'
            $env:NO_PROXY = 'direct.example'
            $env:NANOBANANA_JOURNAL = 'off'
            Import-Module $module
            "$((Connect-NanoBanana -ApiKey some-key-1234 -Endpoint https://api.example -MaximumRetryCount 0 -PassThru).Proxy)"
            "$((Connect-NanoBanana -ApiKey some-key-1234 -Endpoint https://direct.example -PassThru).Proxy)."
            Connect-NanoBanana -ApiKey some-key-1234 -Endpoint https://api.example -MaximumRetryCount 0
            New-NanoBananaImage fox -WarningAction SilentlyContinue -ErrorAction SilentlyContinue -ErrorVariable e
            "$($e[0].FullyQualifiedErrorId)"
            "$($e[0])"
            "[$($e[0].ErrorDetails.RecommendedAction)]"
            "$($e[0].Exception)" -replace '\s+', ' '
            """);

        string address = $"http://127.0.0.1:{proxy.Port}/";
        Assert.Equal([address, ".", "ConnectionFailed,NanoBanana.Commands.NewNanoBananaImageCommand"], lines[..3]);
        Assert.Contains($"the proxy {address} requires a user name and a password (407)", lines[3], StringComparison.Ordinal);
        // The message contains what to do.
        Assert.Equal("[]", lines[4]);
        Assert.DoesNotContain("x-secret", string.Concat(lines), StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(Encoding.ASCII.GetBytes("me:x-secret")), proxy.Received, StringComparison.Ordinal);
    }

    /// <summary>A proxy that rejects all credentials.</summary>
    private sealed class FakeProxy : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly StringBuilder _received = new();

        public FakeProxy()
        {
            _listener.Start();
            _ = Task.Run(ServeAsync);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public string Received
        {
            get
            {
                lock (_received)
                    return _received.ToString();
            }
        }

        public void Dispose() => _listener.Stop();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                    while (await reader.ReadLineAsync() is { Length: > 0 } line)
                    {
                        lock (_received)
                            _received.AppendLine(line);
                    }
                    await client.GetStream().WriteAsync(
                        ("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"u8
                            + "Content-Length: 0\r\nConnection: close\r\n\r\n"u8).ToArray());
                }
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }
    }
}
