using System.Net;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>Checks a connection by polling a task that does not exist. The request costs nothing and needs the key.</summary>
internal sealed class ServiceProbe(IWireDialect dialect, HttpTransport transport, ServerClock clock, IWebProxy? proxy, ApiOptions options)
{
    /// <summary>The largest difference of the clocks that passes. A larger difference makes leases and dates wrong.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <returns>The checks of the service, the key, the proxy and the clock. The caller makes the other checks.</returns>
    public async Task<(ConnectionCheck Service, ConnectionCheck ApiKey, ConnectionCheck Proxy, ConnectionCheck Clock)> RunAsync(
        IClientObserver observer, CancellationToken stop)
    {
        // The id must not look like an id of the service.
        string id = $"connection-test-{Guid.NewGuid():N}";
        WireCall call = dialect.Poll(id, ImageModel.DefaultId);
        Exchange exchange = await transport.SendAsync(call, 1, options.PollTimeout, observer, stop).ConfigureAwait(false);
        (ConnectionCheck service, ConnectionCheck key) = CheckService(exchange);
        return (service, key, CheckProxy(exchange), exchange.Reply is null ? ConnectionCheck.NotMade(Messages.NoAnswer) : CheckClock());
    }

    private (ConnectionCheck Service, ConnectionCheck ApiKey) CheckService(Exchange exchange)
    {
        if (exchange.Reply is not { Status: not 407 } reply)
        {
            string failure = ExchangeErrors.Describe(exchange);
            ConnectionCheck service = ConnectionCheck.Failed(
                exchange.IsRefusedConnection ? Messages.Failure(failure) : Messages.CheckNetwork(failure, options.Endpoint));
            return (service, ConnectionCheck.NotMade(Messages.NoAnswer));
        }
        ConnectionCheck unknown = ConnectionCheck.NotMade(Messages.KeyNotChecked);
        ConnectionCheck answers = ConnectionCheck.Passed(Messages.ServiceAnswers(options.Endpoint, reply.Status));
        string masked = options.ApiKey.Masked;
        NanoBananaErrorKind? kind = HttpErrorBody.ReadError(reply).Error is { } error ? ErrorCodes.KindOf(error) : null;
        if (reply.Status == 401 || (kind == NanoBananaErrorKind.ApiKeyRejected && reply.Status != 404))
            return (answers, ConnectionCheck.Failed(Messages.KeyRejected(masked, reply.Status)));
        if (reply.Status is 402 or 403 || (kind == NanoBananaErrorKind.NotPermitted && reply.Status != 404))
            return (answers, ConnectionCheck.Failed(Messages.KeyNotPermitted(masked, reply.Status)));
        if (reply.Status == 429)
            return (ConnectionCheck.Failed(Messages.ServiceIsBusy), unknown);
        if (reply.Status is 408 or >= 500)
            return (ConnectionCheck.Failed(Messages.ServiceNotAvailable(reply.Status)), unknown);
        if (reply.Status is >= 300 and <= 399)
            return (ConnectionCheck.Failed(Messages.ServiceRedirects(reply.Status)), unknown);
        if (reply.Status == 405 || reply.MediaType?.IndexOf("html", StringComparison.OrdinalIgnoreCase) >= 0)
        {
            string answer = HttpErrorBody.Describe(reply);
            return (ConnectionCheck.Failed(
                Messages.NotThisApi(options.Endpoint, reply.Status, answer, options.Protocol.ToString())), unknown);
        }
        return (answers, ConnectionCheck.Passed(Messages.KeyAccepted(masked)));
    }

    private ConnectionCheck CheckProxy(Exchange exchange)
    {
        Uri? address = AddressOf(proxy);
        if (address is null)
            return ConnectionCheck.Passed(Messages.NoProxy);
        Uri shown = new UriBuilder(address) { UserName = "", Password = "" }.Uri;
        // .NET Framework reports the status of a proxy only in the message.
        if (exchange.Reply?.Status == 407 || exchange.ProxyStatus == 407 || exchange.Cause?.ToString().Contains("(407)") == true)
            return ConnectionCheck.Failed(Messages.Failure(Messages.ProxyNeedsCredentials(shown)));
        return exchange.Reply is null
            ? ConnectionCheck.Failed(Messages.NoAnswerThroughProxy(shown))
            : ConnectionCheck.Passed(Messages.ProxyWorks(shown));
    }

    private ConnectionCheck CheckClock()
    {
        if (clock.Skew is not { } skew)
            return ConnectionCheck.NotMade(Messages.NoDate);
        return skew.Duration() <= ClockTolerance
            ? ConnectionCheck.Passed(Messages.ClockCompared(skew))
            : ConnectionCheck.Failed(Messages.ClockDiffers(skew));
    }

    private Uri? AddressOf(IWebProxy? given)
    {
#if NET
        IWebProxy used = given ?? HttpClient.DefaultProxy;
#else
        IWebProxy used = given ?? WebRequest.DefaultWebProxy;
#endif
        return used.IsBypassed(options.Endpoint) || used.GetProxy(options.Endpoint) is not { } address || address == options.Endpoint
            ? null
            : address;
    }
}
