using System.Net;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>Asks the service about a task that cannot exist: a request that costs nothing and needs the key.</summary>
internal sealed class ServiceProbe(IWireDialect dialect, HttpTransport transport, ServerClock clock, IWebProxy? proxy, ApiOptions options)
{
    /// <summary>A clock that differs by more makes leases and dates wrong.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <returns>The checks of the service, the key, the proxy and the clock; the others are left to the caller.</returns>
    public async Task<(ConnectionCheck Service, ConnectionCheck ApiKey, ConnectionCheck Proxy, ConnectionCheck Clock)> RunAsync(IClientObserver observer, CancellationToken stop)
    {
        // No number of any length: the service must not take it for one of its own ids.
        string id = $"connection-test-{Guid.NewGuid():N}";
        Exchange exchange = await transport.SendAsync(dialect.Poll(id, ImageModel.DefaultId), 1, options.PollTimeout, observer, stop).ConfigureAwait(false);
        (ConnectionCheck service, ConnectionCheck key) = Judge(exchange);
        return (service, key, JudgeProxy(exchange), exchange.Reply is null ? ConnectionCheck.NotMade("No answer came.") : JudgeClock());
    }

    private (ConnectionCheck Service, ConnectionCheck ApiKey) Judge(Exchange exchange)
    {
        ConnectionCheck unknown = ConnectionCheck.NotMade("The service did not say.");
        if (exchange.Reply is not { } reply)
            return (ConnectionCheck.Failed($"{Capital(ExchangeErrors.Describe(exchange))}. Check the network, the proxy and the endpoint {options.Endpoint}."), unknown);
        ConnectionCheck answers = ConnectionCheck.Passed($"{options.Endpoint} answers ({reply.Status}).");
        NanoBananaErrorKind? said = HttpErrorBody.ReadError(reply).Error is { } error ? ErrorCodes.KindOf(error) : null;
        if (reply.Status == 401 || (said == NanoBananaErrorKind.ApiKeyRejected && reply.Status != 404))
            return (answers, ConnectionCheck.Failed($"The service refused the API key {options.ApiKey.Masked} ({reply.Status}). Give a valid key with Connect-NanoBanana or $env:NANOBANANA_API_KEY."));
        if (reply.Status is 402 or 403 || (said == NanoBananaErrorKind.NotPermitted && reply.Status != 404))
            return (answers, ConnectionCheck.Failed($"The key {options.ApiKey.Masked} has no balance or no permission ({reply.Status}). Check the account at the provider."));
        if (reply.Status == 429)
            return (ConnectionCheck.Failed("The service asks for fewer requests (429). Try again later."), unknown);
        if (reply.Status is 408 or >= 500)
            return (ConnectionCheck.Failed($"The service is not available ({reply.Status}). Try again later."), unknown);
        if (reply.Status is >= 300 and <= 399)
            return (ConnectionCheck.Failed($"The service points elsewhere ({reply.Status}), and the key is not sent there. Connect to the right endpoint."), unknown);
        if (reply.Status == 405 || reply.MediaType?.IndexOf("html", StringComparison.OrdinalIgnoreCase) >= 0)
            return (ConnectionCheck.Failed($"What answers at {options.Endpoint} is not this API ({reply.Status}; {HttpErrorBody.Describe(reply)}). Check the endpoint, the protocol {options.Protocol} and the proxy."), unknown);
        return (answers, ConnectionCheck.Passed($"The service took the key {options.ApiKey.Masked}."));
    }

    private ConnectionCheck JudgeProxy(Exchange exchange)
    {
        Uri? address = AddressOf(proxy);
        if (address is null)
            return ConnectionCheck.Passed("Requests go without a proxy.");
        string shown = new UriBuilder(address) { UserName = "", Password = "" }.Uri.AbsoluteUri;
        if (exchange.Reply?.Status == 407 || exchange.Cause?.ToString().Contains("407") == true)
            return ConnectionCheck.Failed($"The proxy {shown} wants a user name and a password. Give them with Connect-NanoBanana -ProxyCredential.");
        return exchange.Reply is null
            ? ConnectionCheck.Failed($"No answer came through the proxy {shown}. Check it, or connect without it.")
            : ConnectionCheck.Passed($"Requests go through {shown}.");
    }

    private ConnectionCheck JudgeClock()
    {
        if (clock.Skew is not { } skew)
            return ConnectionCheck.NotMade("The answer has no date.");
        string shown = skew.Duration() < TimeSpan.FromSeconds(2) ? "agrees with" : $"is {skew.Duration():d\\.hh\\:mm\\:ss} {(skew > TimeSpan.Zero ? "ahead of" : "behind")}";
        return skew.Duration() <= ClockTolerance
            ? ConnectionCheck.Passed($"The clock {shown} that of the service.")
            : ConnectionCheck.Failed($"The clock {shown} that of the service. Set it, and let it be set by the network: the journal's dates and leases depend on it.");
    }

    private Uri? AddressOf(IWebProxy? given)
    {
#if NET
        IWebProxy used = given ?? HttpClient.DefaultProxy;
#else
        IWebProxy used = given ?? WebRequest.DefaultWebProxy;
#endif
        return used.IsBypassed(options.Endpoint) || used.GetProxy(options.Endpoint) is not { } address || address == options.Endpoint ? null : address;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text.Substring(1);
}
