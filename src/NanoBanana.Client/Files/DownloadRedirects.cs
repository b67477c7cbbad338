using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// Follows the redirects of a download: at most five, only to http and https, and never from https to http. The redirects of the framework
/// do not follow these rules in all editions, and treat "//host" as a file.
/// </summary>
internal sealed class DownloadRedirects(HttpMessageInvoker http, DownloadGuard guard)
{
    private const int MaximumRedirects = 5;

    /// <param name="first">The first address.</param>
    /// <param name="makeRequest">Creates the request for an address, without the key.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ForbiddenDownloadException">An address is not allowed.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        Uri first, Func<Uri, HttpRequestMessage> makeRequest, CancellationToken cancellationToken)
    {
        Uri url = first;
        for (int redirects = 0; ; redirects++)
        {
            guard.Check(url);
#if !NET
            await guard.CheckNameAsync(url).ConfigureAwait(false);
#endif
            using HttpRequestMessage request = makeRequest(url);
            HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || ServerReply.LocationOf(response) is not { } location)
                return response;
            response.Dispose();
            if (redirects == MaximumRedirects)
                throw new ForbiddenDownloadException(Messages.TooManyRedirects(MaximumRedirects));
            url = Follow(url, location);
        }
    }

    private static Uri Follow(Uri from, string location)
    {
        location = location.Trim();
        bool isUnusable = location.Length == 0 || location.Contains('\\') || location.StartsWith("//", StringComparison.Ordinal)
            || location.Any(char.IsControl);
        // On Unix, .NET would parse an absolute path as the address of a file, so it is first combined with the host.
        Uri? to = null;
        if (!isUnusable && (location[0] == '/' || !Uri.TryCreate(location, UriKind.Absolute, out to)))
            Uri.TryCreate(from, location, out to);
        if (to is not { Scheme: "http" or "https", Host.Length: > 0 })
            throw new ForbiddenDownloadException(Messages.RedirectedToOtherScheme);
        if (from.Scheme == "https" && to.Scheme == "http")
            throw new ForbiddenDownloadException(Messages.RedirectedToHttp);
        return to;
    }
}
