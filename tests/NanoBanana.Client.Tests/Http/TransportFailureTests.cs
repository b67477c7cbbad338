using System.Net.Sockets;
using System.Security.Authentication;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Http;

/// <summary>Which exceptions are network failures, and which are defects.</summary>
public sealed class TransportFailureTests
{
    private readonly FakeClock _clock = new();

    public static TheoryData<Exception> Failures =>
    [
        new HttpRequestException("broken"), new IOException("broken"), new InvalidDataException("bad gzip"),
        new TaskCanceledException("time-out of a handler"),
        new SocketException((int)SocketError.ConnectionReset), new AuthenticationException("bad certificate"), new TimeoutException(),
        new ObjectDisposedException("stream"),
    ];

    public static TheoryData<Exception> Defects =>
    [
        new NotImplementedException(), new InvalidOperationException(), new ArgumentException("wrong"), new FormatException(),
        new InvalidCastException(),
    ];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_documented_network_failure_is_the_outcome_of_the_request(Exception failure)
    {
        Exchange exchange = await SendAsync(failure);

        Assert.Equal((ExchangeFailure.Network, true), (exchange.Failure, exchange.BodySent));
        Assert.False(exchange.IsUnreachable);
    }

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task A_defect_is_thrown_unchanged(Exception defect) =>
        Assert.Same(defect, await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(defect)));

    [Theory]
    [InlineData(SocketError.ConnectionRefused, true)]
    [InlineData(SocketError.HostNotFound, true)]
    [InlineData(SocketError.NetworkUnreachable, true)]
    [InlineData(SocketError.ConnectionReset, false)]
    public async Task A_request_without_a_body_is_unreachable_if_no_connection_was_made(SocketError error, bool isUnreachable)
    {
        Exchange exchange = await SendAsync(new HttpRequestException("outer", new SocketException((int)error)), HttpMethod.Get);

        Assert.Equal((isUnreachable, !isUnreachable), (exchange.IsUnreachable, exchange.BodySent));
    }

    [Fact]
    public async Task A_request_without_a_body_is_unreachable_if_the_connection_timed_out() =>
        Assert.True((await SendAsync(new TaskCanceledException("connect", new TimeoutException()), HttpMethod.Get)).IsUnreachable);

    [Fact]
    public async Task A_broken_answer_is_not_reported_as_a_missing_connection()
    {
        using var bench = new TestBench(options => options with { MaximumRetryCount = 0 });
        bench.Api.Script(
            Answer.Failing(takesBody: true, () => new HttpRequestException("outer", new IOException("The response ended prematurely."))),
            Answer.NeverConnected);

        var broken = await Assert.ThrowsAsync<NanoBananaException>(() => bench.Clock.RunAsync(bench.GetAsync(bench.CreateTask())));
        var unconnected = await Assert.ThrowsAsync<NanoBananaException>(() => bench.Clock.RunAsync(bench.GetAsync(bench.CreateTask())));

        Assert.Contains(
            "the connection broke before the complete answer arrived (The response ended prematurely)",
            broken.Message,
            StringComparison.Ordinal);
        Assert.Contains("no connection to the service could be made (Connection refused", unconnected.Message, StringComparison.Ordinal);
        Assert.Equal((NanoBananaErrorKind.ConnectionFailed, NanoBananaErrorKind.ConnectionFailed), (broken.Kind, unconnected.Kind));
    }

    private async Task<Exchange> SendAsync(Exception thrown, HttpMethod? method = null)
    {
        bool isGet = method == HttpMethod.Get;
        using var handler = new FakeNetwork(_clock);
        handler.Script(Answer.Failing(takesBody: true, () => thrown));
        using var transport = new HttpTransport(
            handler,
            new ApiOptions { Endpoint = new Uri("https://api.example/"), ApiKey = new ApiKey(TestBench.Key), Time = _clock },
            new ServerClock(_clock));
        var call = new WireCall(method ?? HttpMethod.Post, "/x", isGet ? null : "{}"u8.ToArray());
        return await transport.SendAsync(call, 1, TimeSpan.FromSeconds(30), new RecordingObserver(), default);
    }
}
