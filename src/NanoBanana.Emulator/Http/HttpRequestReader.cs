using System.Globalization;
using System.Text;

namespace NanoBanana.Emulator.Http;

/// <summary>Reads the requests of a connection: the head, then a body by Content-Length or in chunks.</summary>
internal sealed class HttpRequestReader(HttpInput input, int maxBodyBytes, Func<ValueTask> sendContinue)
{
    private const int MaxHeadBytes = 32 * 1024;
    private const int MaxLineBytes = 1024;

    private static readonly byte[] HeadEnd = Encoding.ASCII.GetBytes("\r\n\r\n");
    private static readonly byte[] LineEnd = Encoding.ASCII.GetBytes("\r\n");

    /// <summary>Reads the next head.</summary>
    /// <returns>Null if the client has closed the connection.</returns>
    /// <exception cref="HttpProtocolException">The bytes are not a request.</exception>
    public async ValueTask<HttpRequest?> ReadHeadAsync()
    {
        input.SkipBlankLines();
        string? head = await input.ReadTextAsync(HeadEnd, MaxHeadBytes).ConfigureAwait(false);
        return head is null ? null : HttpRequest.Parse(head);
    }

    /// <summary>Reads the body that follows a head.</summary>
    /// <exception cref="HttpProtocolException">
    /// 400 for ambiguous framing, 413 for a body that is too large, 501 for an unknown transfer coding.
    /// </exception>
    /// <exception cref="EndOfStreamException">The client closed the connection in the middle of the body.</exception>
    public async ValueTask ReadBodyAsync(HttpRequest request)
    {
        string? length = request.Headers["Content-Length"];
        string? coding = request.Headers["Transfer-Encoding"];
        if (coding is not null)
        {
            if (length is not null)
                throw new HttpProtocolException(400, Messages.TwoFramings);
            if (!coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
                throw new HttpProtocolException(501, Messages.TransferCodingUnsupported);

            await ContinueAsync(request, 1).ConfigureAwait(false);
            request.Body = await ReadChunksAsync().ConfigureAwait(false);
        }
        else if (length is not null)
        {
            int bytes = ParseSize(length, NumberStyles.None);
            await ContinueAsync(request, bytes).ConfigureAwait(false);
            request.Body = await input.ReadBytesAsync(bytes).ConfigureAwait(false);
        }
    }

    /// <summary>Sends 100 Continue if the client waits for it and has not sent the body already.</summary>
    private async ValueTask ContinueAsync(HttpRequest request, int bytes)
    {
        if ("100-continue".Equals(request.Headers["Expect"], StringComparison.OrdinalIgnoreCase) && !input.HasBuffered(bytes))
            await sendContinue().ConfigureAwait(false);
    }

    private async ValueTask<ArraySegment<byte>> ReadChunksAsync()
    {
        using var body = new MemoryStream();
        while (true)
        {
            string line = await ReadLineAsync().ConfigureAwait(false);
            int size = ParseSize(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier);
            if (size == 0)
                break;
            if (body.Length + size > maxBodyBytes)
                throw TooLarge();

            var chunk = await input.ReadBytesAsync(size).ConfigureAwait(false);
            body.Write(chunk.Array!, chunk.Offset, chunk.Count);
            if ((await ReadLineAsync().ConfigureAwait(false)).Length != 0)
                throw new HttpProtocolException(400, Messages.ChunkTooLong);
        }

        // Trailers are ignored.
        while ((await ReadLineAsync().ConfigureAwait(false)).Length != 0)
            continue;
        return new ArraySegment<byte>(body.ToArray());
    }

    private async ValueTask<string> ReadLineAsync() =>
        await input.ReadTextAsync(LineEnd, MaxLineBytes).ConfigureAwait(false) ?? throw new EndOfStreamException();

    private int ParseSize(string text, NumberStyles style)
    {
        if (!ulong.TryParse(text, style, CultureInfo.InvariantCulture, out ulong size))
            throw new HttpProtocolException(400, Messages.BodyLengthMalformed);
        return size <= (ulong)maxBodyBytes ? (int)size : throw TooLarge();
    }

    private HttpProtocolException TooLarge() => new(413, Messages.BodyTooLarge(maxBodyBytes));
}
