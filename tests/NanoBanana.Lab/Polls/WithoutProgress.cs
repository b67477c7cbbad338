using System.Text.RegularExpressions;

namespace NanoBanana.Lab.Polls;

/// <summary>A service that does not report progress: removes it from the answers of one that does.</summary>
internal sealed partial class WithoutProgress(HttpMessageHandler network) : DelegatingHandler(network)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        var content = new StringContent(Progress().Replace(text, ""));
        content.Headers.ContentType = response.Content.Headers.ContentType;
        response.Content.Dispose();
        response.Content = content;
        return response;
    }

    [GeneratedRegex("""(?<=[{,])\s*"progress"\s*:\s*[0-9.]+\s*,|,\s*"progress"\s*:\s*[0-9.]+(?=\s*})""")]
    private static partial Regex Progress();
}
