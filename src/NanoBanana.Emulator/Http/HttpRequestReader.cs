using System.Globalization;
using System.Text;

namespace NanoBanana.Emulator.Http;

/// <summary>Cuts a connection's bytes into requests: head, then a body by Content-Length or in chunks.</summary>
internal sealed class HttpRequestReader(HttpInput input, int maxBodyBytes, Func<ValueTask> sendContinue)
{
    private const int MaxHeadBytes = 32 * 1024;
    private const int MaxLineBytes = 1024;

    private static readonly byte[] HeadEnd = Encoding.ASCII.GetBytes("\r\n\r\n");
    private static readonly byte[] LineEnd = Encoding.ASCII.GetBytes("\r\n");

    /// <summary>Reads the next head.</summary>
    /// <returns>Null when the client has closed.</returns>
    /// <exception cref="HttpProtocolException">The bytes are no request.</exception>
    public async ValueTask<HttpRequest?> ReadHeadAsync()
    {
        input.SkipBlankLines();
        string? head = await input.ReadTextAsync(HeadEnd, MaxHeadBytes).ConfigureAwait(false);
        return head is null ? null : HttpRequest.Parse(head);
    }

    /// <summary>Reads the body that belongs to a head.</summary>
    /// <exception cref="HttpProtocolException">400, 413 or 501: unclear, too large or unknown framing.</exception>
    /// <exception cref="EndOfStreamException">The client closed in the middle.</exception>
    public async ValueTask ReadBodyAsync(HttpRequest request)
    {
        string? length = request.Headers["Content-Length"];
        string? coding = request.Headers["Transfer-Encoding"];
        if (coding is not null)
        {
            if (length is not null)
                throw new HttpProtocolException(400, "Content-Length and Transfer-Encoding exclude each other.");
            if (!coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
                throw new HttpProtocolException(501, "The only transfer coding known here is chunked.");

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

    /// <summary>Asks for the body if the client waits to be asked, and has not sent it anyway.</summary>
    private async ValueTask ContinueAsync(HttpRequest request, int bytes)
    {
        if ("100-continue".Equals(request.Headers["Expect"], StringComparison.OrdinalIgnoreCase) && !input.Has(bytes))
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
                throw new HttpProtocolException(400, "A chunk is longer than it says.");
        }

        // Trailers say nothing that is needed here.
        while ((await ReadLineAsync().ConfigureAwait(false)).Length != 0)
            continue;
        return new ArraySegment<byte>(body.ToArray());
    }

    private async ValueTask<string> ReadLineAsync() =>
        await input.ReadTextAsync(LineEnd, MaxLineBytes).ConfigureAwait(false) ?? throw new EndOfStreamException();

    private int ParseSize(string text, NumberStyles style)
    {
        if (!ulong.TryParse(text, style, CultureInfo.InvariantCulture, out ulong size))
            throw new HttpProtocolException(400, "The length of the body is malformed.");
        return size <= (ulong)maxBodyBytes ? (int)size : throw TooLarge();
    }

    private HttpProtocolException TooLarge() => new(413, $"The body is larger than {maxBodyBytes} bytes.");
}
