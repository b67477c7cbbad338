using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Retries;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// Uploads images to the endpoint, which answers with an address for requests. An upload costs nothing, so it is retried after all
/// transient failures. An image that many prompts use is uploaded once an hour.
/// </summary>
internal sealed class ImageUpload(HttpTransport transport, RetryLoop retries, ApiOptions options)
{
    private const string Path = "/api/v1/storage/files";
    private const int MaximumKnown = 1000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, (string Address, long Timestamp)> _known = new(StringComparer.Ordinal);

    /// <param name="dataUri">The image.</param>
    /// <param name="deadline">The deadline of the operation.</param>
    /// <param name="observer">Receives every request.</param>
    /// <param name="stop">Cancels the upload.</param>
    /// <returns>The address of the image.</returns>
    /// <exception cref="NanoBananaException">The upload failed. Nothing was bought.</exception>
    public async Task<string> SendAsync(string dataUri, Deadline deadline, IClientObserver observer, CancellationToken stop)
    {
        string key = SentDataUri.Describe(dataUri);
        if (_known.TryGetValue(key, out (string Address, long Timestamp) known) && options.Time.GetElapsedTime(known.Timestamp) < Lifetime)
            return known.Address;
        byte[] file = Decode(dataUri.Substring(dataUri.IndexOf(',') + 1));
        string mediaType = dataUri.Substring(5, dataUri.IndexOf(';') - 5);
        string address = await SendAsync(file, mediaType, deadline, observer, stop).ConfigureAwait(false);
        if (_known.Count >= MaximumKnown)
            _known.Clear();
        _known[key] = (address, options.Time.GetTimestamp());
        return address;
    }

    private async Task<string> SendAsync(byte[] file, string mediaType, Deadline deadline, IClientObserver observer, CancellationToken stop)
    {
        WireCall call = Multipart(file, mediaType);
        Exchange exchange = await retries.RunAsync(
            (attempt, token) => transport.SendAsync(call, attempt, deadline.Bound(options.SubmitTimeout), observer, token),
            RetryRules.MayReadAgain, deadline, TimeSpan.Zero, observer, stop).ConfigureAwait(false);
        if (!exchange.IsSuccess)
            throw ExchangeErrors.ToException(exchange, Messages.UploadingImage);
        WireReply reply = exchange.Reply!;
        return AddressIn(reply) ?? throw new NanoBananaException(
            NanoBananaErrorKind.InvalidResponse, Messages.UploadWithoutAddress(reply.Status, HttpErrorBody.Describe(reply)))
        {
            StatusCode = reply.Status,
            RequestId = reply.RequestId,
        };
    }

    /// <summary>A multipart body (RFC 7578). It does not contain the name of the file.</summary>
    private static WireCall Multipart(byte[] file, string mediaType)
    {
        string boundary = "nanobanana-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        string name = "image." + mediaType.Substring(mediaType.IndexOf('/') + 1);
        byte[] head = Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {mediaType}\r\n\r\n");
        byte[] tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        return new WireCall(HttpMethod.Post, Path, [.. head, .. file, .. tail])
        {
            ContentType = "multipart/form-data; boundary=" + boundary,
        };
    }

    private static string? AddressIn(WireReply reply)
    {
        using JsonDocument? document = JsonReading.Parse(reply.Body, out JsonElement root);
        if (document is null)
            return null;
        JsonElement data = root.Get("data").Items().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
            ? first
            : root.Get("data");
        return (root.Get("url").AsHttpAddress() ?? data.Get("url").AsHttpAddress() ?? data.AsHttpAddress())?.AbsoluteUri;
    }

    private static byte[] Decode(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException e)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.DataUriNotValid, e);
        }
    }
}
