using System.Net;

namespace NanoBanana.Client.Http;

/// <summary>Makes proxies of what a user gives, and finds the one that a request goes through.</summary>
public static class ApiProxy
{
    /// <summary>What both targets can speak to.</summary>
#if NET
    private static readonly string[] Schemes = ["http", "https", "socks4", "socks4a", "socks5"];
#else
    private static readonly string[] Schemes = ["http"];
#endif

    /// <summary>The proxy of the environment (<c>HTTPS_PROXY</c>, <c>ALL_PROXY</c>, <c>NO_PROXY</c>) or of the system. .NET reads it once in a process.</summary>
    internal static IWebProxy? System =>
#if NET
        HttpClient.DefaultProxy;
#else
        WebRequest.DefaultWebProxy;
#endif

    /// <summary>A proxy at an address. A user name and a password in the address are used as its credentials.</summary>
    /// <param name="address">The address.</param>
    /// <param name="credential">The user name and the password; null for those of the address, or none.</param>
    /// <param name="useDefaultCredentials">Whether to use those of the user who is logged on.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it is no address of a proxy, or there are two kinds of credentials.
    /// </exception>
    public static IWebProxy At(Uri address, NetworkCredential? credential, bool useDefaultCredentials)
    {
        if (!address.IsAbsoluteUri || !Schemes.Contains(address.Scheme) || address.Host.Length == 0)
            throw Invalid($"The proxy is not an address that can be used. It begins with {string.Join(", ", Schemes.Select(scheme => scheme + "://"))} and names a host and a port, such as http://proxy.example:8080.");
        bool isInAddress = address.UserInfo.Length > 0;
        CheckCredentials(credential is not null, useDefaultCredentials);
        if (isInAddress && (credential is not null || useDefaultCredentials))
            throw Invalid("The address of the proxy has a user name, and credentials are given beside it. Give one of them.");
        if (isInAddress)
        {
            string[] parts = address.UserInfo.Split([':'], 2);
            credential = new NetworkCredential(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
        }
        return new WebProxy(WithoutUser(address)) { Credentials = useDefaultCredentials ? CredentialCache.DefaultCredentials : credential };
    }

    /// <summary>Checks that there is one kind of credentials for a proxy at most.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: there are two.</exception>
    public static void CheckCredentials(bool hasCredential, bool useDefaultCredentials)
    {
        if (hasCredential && useDefaultCredentials)
            throw Invalid("-ProxyCredential and -ProxyUseDefaultCredentials exclude each other. Give one of them.");
    }

    /// <summary>The address of the proxy that requests to an address go through, without a user name; null for none.</summary>
    public static Uri? For(ApiOptions options, Uri destination)
    {
        IWebProxy? proxy = options.Proxy ?? LoopbackBypass.For(options.Endpoint) ?? options.SystemProxy();
        if (proxy is null || proxy.IsBypassed(destination))
            return null;
        // .NET Framework answers with the address itself where there is none.
        return proxy.GetProxy(destination) is { } address && address != destination ? WithoutUser(address) : null;
    }

    private static Uri WithoutUser(Uri address) =>
        address.UserInfo.Length == 0 ? address : new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
