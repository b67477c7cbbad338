using System.Net;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>Creates proxies from the user's options, and finds the proxy of a request.</summary>
public static class ApiProxy
{
    /// <summary>The schemes of proxies that the handler of this edition supports.</summary>
#if NET
    private static readonly string[] Schemes = ["http", "https", "socks4", "socks4a", "socks5"];
#else
    private static readonly string[] Schemes = ["http"];
#endif

    /// <summary>
    /// The proxy of the environment (<c>HTTPS_PROXY</c>, <c>ALL_PROXY</c>, <c>NO_PROXY</c>) or of the system. .NET reads the environment
    /// once per process.
    /// </summary>
    internal static IWebProxy? System =>
#if NET
        HttpClient.DefaultProxy;
#else
        WebRequest.DefaultWebProxy;
#endif

    /// <summary>Creates a proxy. A user name and a password in the address are its credentials.</summary>
    /// <param name="address">The address of the proxy.</param>
    /// <param name="credential">The user name and the password; null for the credentials in the address, or for no credentials.</param>
    /// <param name="useDefaultCredentials">Whether to use the credentials of the current user.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the address can't be used, or there are two kinds of credentials.
    /// </exception>
    public static IWebProxy At(Uri address, NetworkCredential? credential, bool useDefaultCredentials)
    {
        if (!address.IsAbsoluteUri || !Schemes.Contains(address.Scheme) || address.Host.Length == 0)
            throw Invalid(Messages.ProxyInvalid(Schemes));
        bool isInAddress = address.UserInfo.Length > 0;
        CheckCredentials(credential is not null, useDefaultCredentials);
        if (isInAddress && (credential is not null || useDefaultCredentials))
            throw Invalid(Messages.ProxyCredentialsInAddress);
        if (isInAddress)
        {
            string[] parts = address.UserInfo.Split([':'], 2);
            credential = new NetworkCredential(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
        }
        return new WebProxy(WithoutUser(address)) { Credentials = useDefaultCredentials ? CredentialCache.DefaultCredentials : credential };
    }

    /// <summary>Checks that there is at most one kind of credentials for a proxy.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: there are two.</exception>
    public static void CheckCredentials(bool hasCredential, bool useDefaultCredentials)
    {
        if (hasCredential && useDefaultCredentials)
            throw Invalid(Messages.ProxyCredentialConflict);
    }

    /// <summary>The address of the proxy for a destination, without a user name; null without a proxy.</summary>
    public static Uri? For(ApiOptions options, Uri destination)
    {
        IWebProxy? proxy = options.Proxy ?? LoopbackBypass.For(options.Endpoint) ?? options.SystemProxy();
        if (proxy is null || proxy.IsBypassed(destination))
            return null;
        // Without a proxy, .NET Framework returns the destination.
        return proxy.GetProxy(destination) is { } address && address != destination ? WithoutUser(address) : null;
    }

    private static Uri WithoutUser(Uri address) =>
        address.UserInfo.Length == 0 ? address : new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
