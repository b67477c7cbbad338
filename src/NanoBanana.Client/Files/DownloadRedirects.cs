using NanoBanana.Client.Http;

namespace NanoBanana.Client.Files;

/// <summary>
/// Follows the redirects of a download, at most five, to http and https alone and never from https to http. The framework's own
/// would follow none of these rules on all editions, and takes "//host" for a file.
/// </summary>
internal sealed class DownloadRedirects(HttpMessageInvoker http, DownloadGuard guard)
{
    private const int Most = 5;

    /// <param name="first">The address to begin with.</param>
    /// <param name="makeRequest">Makes the request for an address; it carries no key.</param>
    /// <param name="cancellationToken">Abandons the request.</param>
    /// <exception cref="ForbiddenDownloadException">An address on the way is not fetched from.</exception>
    public async Task<HttpResponseMessage> SendAsync(Uri first, Func<Uri, HttpRequestMessage> makeRequest, CancellationToken cancellationToken)
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
            if (redirects == Most)
                throw new ForbiddenDownloadException($"it was redirected more than {Most} times");
            url = Follow(url, location);
        }
    }

    private static Uri Follow(Uri from, string location)
    {
        location = location.Trim();
        bool isOdd = location.Length == 0 || location.Contains('\\') || location.StartsWith("//", StringComparison.Ordinal) || location.Any(char.IsControl);
        // On Unix an absolute path would be an address of a file: it is put behind the host first.
        Uri? to = isOdd || !(location[0] == '/' ? Uri.TryCreate(from, location, out Uri? parsed) : Uri.TryCreate(location, UriKind.Absolute, out parsed) || Uri.TryCreate(from, location, out parsed)) ? null : parsed;
        if (to is not { Scheme: "http" or "https", Host.Length: > 0 })
            throw new ForbiddenDownloadException("it was redirected to an address that is neither http nor https");
        if (from.Scheme == "https" && to.Scheme == "http")
            throw new ForbiddenDownloadException("it was redirected from https to http, where anyone on the way could replace it");
        return to;
    }
}
