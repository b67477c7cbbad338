#if NET // The handler of .NET Framework makes its connections itself.
using System.Net;
using System.Net.Sockets;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Http;

/// <summary>Connecting to a host with several addresses, with a fake clock and fake connections.</summary>
public sealed class HostDialerTests
{
    private static readonly IPAddress Six = IPAddress.Parse("2001:db8::1"), Six2 = IPAddress.Parse("2001:db8::2");
    private static readonly IPAddress Four = IPAddress.Parse("192.0.2.1"), Four2 = IPAddress.Parse("192.0.2.2");

    private readonly FakeClock _clock = new();
    private readonly List<(IPAddress Address, TaskCompletionSource<Stream> Outcome, CancellationToken Stop)> _dialed = [];

    [Fact]
    public async Task A_dead_first_address_causes_a_short_delay_only()
    {
        Task<Stream> connecting = Connect(Six, Four);
        Assert.Equal([Six], Dialed);
        _clock.Step(HostDialer.Delay.TotalSeconds);
        Assert.Equal([Six, Four], Dialed);

        var stream = new MemoryStream();
        _dialed[1].Outcome.SetResult(stream);
        Assert.Same(stream, await connecting.WaitAsync(TestTimeout.Limit));
        Assert.True(_dialed[0].Stop.IsCancellationRequested);
    }

    [Fact]
    public async Task After_an_address_refuses_the_next_one_is_tried_immediately()
    {
        Task<Stream> connecting = Connect(Six, Four);
        FakeClock.Inline(() => _dialed[0].Outcome.SetException(new SocketException((int)SocketError.ConnectionRefused)));
        Assert.Equal([Six, Four], Dialed);
        _dialed[1].Outcome.SetResult(new MemoryStream());
        await connecting.WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_late_first_address_is_used_and_the_other_connection_is_closed()
    {
        Task<Stream> connecting = Connect(Six, Four);
        _clock.Step(HostDialer.Delay.TotalSeconds);
        var stream = new MemoryStream();
        _dialed[0].Outcome.SetResult(stream);
        Assert.Same(stream, await connecting.WaitAsync(TestTimeout.Limit));

        var late = new MemoryStream();
        FakeClock.Inline(() => _dialed[1].Outcome.SetResult(late));
        Assert.False(late.CanRead);
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task After_a_fast_first_address_no_other_is_tried()
    {
        Task<Stream> connecting = Connect(Six, Four);
        _dialed[0].Outcome.SetResult(new MemoryStream());
        await connecting.WaitAsync(TestTimeout.Limit);
        _clock.Run(5);
        Assert.Equal([Six], Dialed);
    }

    [Fact]
    public void Address_families_alternate()
    {
        Assert.Equal([Six, Four, Six2, Four2], HostDialer.Interleave([Six, Six2, Four, Four2]));
        Assert.Equal([Four, Six, Four2], HostDialer.Interleave([Four, Four2, Six]));
        Assert.Equal([Four, Four2], HostDialer.Interleave([Four, Four2]));
    }

    [Fact]
    public async Task If_all_addresses_fail_the_error_is_from_the_host_and_not_from_a_missing_local_family()
    {
        Task<Stream> connecting = Connect(Six, Four, Four2);
        FakeClock.Inline(() => _dialed[0].Outcome.SetException(new SocketException((int)SocketError.NetworkUnreachable)));
        FakeClock.Inline(() => _dialed[1].Outcome.SetException(new SocketException((int)SocketError.ConnectionRefused)));
        FakeClock.Inline(() => _dialed[2].Outcome.SetException(new SocketException((int)SocketError.HostUnreachable)));
        Assert.Equal(
            SocketError.ConnectionRefused,
            (await Assert.ThrowsAsync<SocketException>(() => connecting.WaitAsync(TestTimeout.Limit))).SocketErrorCode);
    }

    [Fact]
    public async Task A_stop_ends_all_attempts()
    {
        using var stop = new CancellationTokenSource();
        Task<Stream> connecting = Connect([Six, Four], stop.Token);
        _clock.Step(HostDialer.Delay.TotalSeconds);
        await stop.CancelAsync();
        Assert.All(_dialed, dialed => Assert.True(dialed.Stop.IsCancellationRequested));
        _dialed.ForEach(dialed => dialed.Outcome.TrySetCanceled(dialed.Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(TestTimeout.Limit));
    }

    [Fact]
    public async Task A_host_without_an_address_is_not_found() =>
        Assert.Equal(SocketError.HostNotFound, (await Assert.ThrowsAsync<SocketException>(() => Connect())).SocketErrorCode);

    [Fact]
    public async Task A_server_on_the_second_address_family_is_reached()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(RawServer.Response("fine"));
        });
        var guard = new DownloadGuard(server.Address, allowPrivate: true)
        {
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]),
        };
        using var http = new HttpMessageInvoker(HandlerFactory.ForDownloads(new WebProxy(), guard));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://some.example:{server.Address.Port}/");
        using HttpResponseMessage response = await http.SendAsync(request, CancellationToken.None).WaitAsync(TestTimeout.Limit);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private IEnumerable<IPAddress> Dialed => _dialed.Select(dialed => dialed.Address);

    private Task<Stream> Connect(params IPAddress[] addresses) => Connect(addresses, CancellationToken.None);

    private Task<Stream> Connect(IPAddress[] addresses, CancellationToken stop)
    {
        var dialer = new HostDialer(_clock)
        {
            Dial = (address, token) =>
            {
                var outcome = new TaskCompletionSource<Stream>();
                _dialed.Add((address.Address, outcome, token));
                return outcome.Task;
            },
        };
        Task<Stream>? connecting = null;
        FakeClock.Inline(() => connecting = dialer.ConnectAsync(addresses, 443, stop));
        return connecting!;
    }
}
#endif
