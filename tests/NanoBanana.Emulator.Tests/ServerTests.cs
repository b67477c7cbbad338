using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Emulator.Tests;

public sealed class ServerTests
{
    [Fact]
    public async Task Thousand_concurrent_clients_create_and_poll_without_lost_or_duplicate_tasks()
    {
        const int Count = 1000;
        using var provider = new Provider();
        for (int i = 0; i < Count; i++)
            provider.Server.Enqueue(EmulatorOperation.Create, EmulatorFault.Stall());

        var creates = Enumerable.Range(0, Count).Select(i => provider.CreateIdAsync($"prompt {i}")).ToArray();
        await provider.Server.WaitForAsync(c => c.Faults == Count).WaitAsync(Provider.TestTimeout);
        Assert.Equal(Count, provider.Server.Counters.PeakConcurrentRequests);
        provider.Server.Release();
        string[] ids = await Task.WhenAll(creates);
        string[] states = await Task.WhenAll(ids.Select(provider.StatusAsync));

        Assert.All(states, state => Assert.Equal("completed", state));
        Assert.Equal(Count, ids.Distinct().Count());
        Assert.Equal(Count, provider.Server.CountByPrompt().Count);
        Assert.All(provider.Server.CountByPrompt().Values, times => Assert.Equal(1, times));
        Assert.All(provider.Server.Tasks, task => Assert.Equal(1, task.Polls));
        var counters = provider.Server.Counters;
        Assert.Equal((Count, Count, Count), (counters.CreatesReceived, counters.CreatesAccepted, counters.Polls));
    }

    [Fact]
    public async Task Counters_count_the_requests()
    {
        using var provider = new Provider();
        byte[] image = await provider.ImageAsync(Provider.Parameters("a fox"));
        await provider.Server.WaitForAsync(c => c.ConcurrentRequests == 0).WaitAsync(Provider.TestTimeout);

        var counters = provider.Server.Counters;
        Assert.Equal((1, 1, 0), (counters.CreatesReceived, counters.CreatesAccepted, counters.CreatesRefused));
        Assert.Equal((1, 1, 2), (counters.Polls, counters.Downloads, counters.ConnectionsAccepted));
        Assert.Equal((0, 0, 1), (counters.Unauthorized, counters.Faults, counters.PeakConcurrentRequests));
        Assert.InRange(counters.BytesServed, image.Length, image.Length + 3000);
        var task = provider.Server.Tasks.Single();
        Assert.Equal((1, 1, """{"prompt":"a fox"}"""), (task.Polls, task.Downloads, task.Parameters));
        Assert.InRange(DateTimeOffset.UtcNow - task.AcceptedAt, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Wait_ends_with_its_condition_or_its_token()
    {
        using var provider = new Provider();
        using var stop = new CancellationTokenSource();
        var two = provider.Server.WaitForAsync(c => c.CreatesAccepted == 2);
        var never = provider.Server.WaitForAsync(_ => false, stop.Token);
        var broken = provider.Server.WaitForAsync(_ => throw new InvalidOperationException("mine"));

        await provider.CreateIdAsync("a");
        Assert.False(two.IsCompleted);
        await provider.CreateIdAsync("b");
        await two.WaitAsync(Provider.TestTimeout);
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never.WaitAsync(Provider.TestTimeout));
        await Assert.ThrowsAsync<InvalidOperationException>(() => broken.WaitAsync(Provider.TestTimeout));
        Assert.True(provider.Server.WaitForAsync(c => c.CreatesAccepted == 2).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Dispose_ends_all_requests_and_frees_the_ports()
    {
        int port = FreePort(), downloads = FreePort();
        using var provider = new Provider(new EmulatorOptions { Port = port, DownloadPort = downloads });
        var server = provider.Server;
        for (int i = 0; i < 20; i++)
            server.Enqueue(EmulatorOperation.Create, EmulatorFault.Stall());
        using var idle = new RawClient(server.Endpoint);
        using var half = new RawClient(server.Endpoint);
        await half.SendAsync("POST /model/v1/generation HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
        var creates = Enumerable.Range(0, 20).Select(i => provider.CreateIdAsync($"{i}")).ToArray();
        await server.WaitForAsync(c => c.Faults == 20 && c.ConnectionsAccepted == 22).WaitAsync(Provider.TestTimeout);

        server.Dispose();
        server.Dispose();

        Assert.Equal(0, server.Counters.ConcurrentRequests);
        foreach (var create in creates)
            await Assert.ThrowsAsync<HttpRequestException>(() => create.WaitAsync(Provider.TestTimeout));
        Assert.Equal("", await ReadEndAsync(idle));
        Assert.Equal("", await ReadEndAsync(half));
        using var again = EmulatorServer.Start(new EmulatorOptions { Port = port, DownloadPort = downloads });
        Assert.Equal((port, downloads), (again.Endpoint.Port, again.DownloadEndpoint.Port));
    }

    [Fact]
    public void Port_in_use_is_an_error_and_leaves_no_listener()
    {
        using var first = EmulatorServer.Start();
        int free = FreePort();
        var options = new EmulatorOptions { Port = first.Endpoint.Port, DownloadPort = free };

        Assert.Throws<SocketException>(() => EmulatorServer.Start(options));

        using var second = EmulatorServer.Start(new EmulatorOptions { DownloadPort = free });
        Assert.Equal(free, second.DownloadEndpoint.Port);
    }

    [Fact]
    public void Text_of_a_server_has_its_address_without_the_key()
    {
        using var server = EmulatorServer.Start(new EmulatorOptions { ApiKey = "my-key" });

        Assert.Equal("127.0.0.1", server.Endpoint.Host);
        Assert.Equal("my-key", server.GetApiKey());
        Assert.Contains(server.Endpoint.AbsoluteUri, server.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("my-key", server.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_start_has_its_own_key()
    {
        using var one = EmulatorServer.Start();
        using var other = EmulatorServer.Start();

        Assert.NotEqual(one.GetApiKey(), other.GetApiKey());
        Assert.True(one.GetApiKey().Length >= 32);
        Assert.DoesNotContain(one.GetApiKey(), System.Text.Json.JsonSerializer.Serialize(one), StringComparison.Ordinal);
    }

    public static TheoryData<string, EmulatorOptions> WrongOptions => new()
    {
        { "ApiKey", new EmulatorOptions { ApiKey = "" } },
        { "ApiKey", new EmulatorOptions { ApiKey = "a b" } },
        { "ApiKey", new EmulatorOptions { ApiKey = "schlüssel" } },
        { "Port", new EmulatorOptions { Port = -1 } },
        { "Port", new EmulatorOptions { Port = 65536 } },
        { "DownloadPort", new EmulatorOptions { DownloadPort = 65536 } },
        { "DownloadPort", new EmulatorOptions { Port = 5000, DownloadPort = 5000 } },
        { "TimeScale", new EmulatorOptions { TimeScale = -1 } },
        { "TimeScale", new EmulatorOptions { TimeScale = double.NaN } },
        { "FailureRate", new EmulatorOptions { FailureRate = 1.1 } },
        { "MaxRequestBytes", new EmulatorOptions { MaxRequestBytes = 0 } },
        { "TimeProvider", new EmulatorOptions { TimeProvider = null! } },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Option_outside_its_range_is_refused_with_its_name(string name, EmulatorOptions options)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => EmulatorServer.Start(options));

        Assert.Equal(name, error.ParamName);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ReadEndAsync(RawClient client)
    {
        try
        {
            return await client.ReadToEndAsync();
        }
        catch (SocketException)
        {
            // A reset ends the connection, too.
            return "";
        }
    }

    /// <summary>A free port below the range of ports that systems assign, so that other tests don't get it.</summary>
    private static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(15_000, 32_000);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // The port is in use. The next iteration uses another one.
            }
        }
    }

    [Fact]
    public async Task Each_start_is_a_separate_service_even_at_the_same_port()
    {
        Uri earlier;
        using (var first = EmulatorServer.Start())
            earlier = first.Endpoint;
        using var second = EmulatorServer.Start(new EmulatorOptions { Port = earlier.Port });
        Assert.Equal(earlier.Port, second.Endpoint.Port);
        Assert.NotEqual(earlier, second.Endpoint);

        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + second.GetApiKey());
        const string Path = "model/v1/generation/task/none";
        await http.GetStringOf(new Uri(second.Endpoint, Path));
        await http.GetStringOf(new Uri(second.Endpoint, "/" + Path));
        Assert.Equal(2, second.Counters.Polls);
        Assert.Contains("There is nothing at", await http.GetStringOf(new Uri(earlier, Path)), StringComparison.Ordinal);
        Assert.Equal(2, second.Counters.Polls);
    }
}

file static class HttpClientExtensions
{
    public static async Task<string> GetStringOf(this HttpClient http, Uri address)
    {
        using HttpResponseMessage response = await http.GetAsync(address);
        return await response.Content.ReadAsStringAsync();
    }
}
