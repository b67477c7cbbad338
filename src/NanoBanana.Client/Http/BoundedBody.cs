namespace NanoBanana.Client.Http;

/// <summary>Reads a body to its end, or gives up once it is larger than any honest answer.</summary>
internal static class BoundedBody
{
    /// <summary>For a body whose length is not announced: as long as an answer of this API usually is.</summary>
    private const int FirstSize = 1024;

    private const int LargestFirstSize = 1024 * 1024;

    /// <returns>Null when the body is larger than <paramref name="limit"/> bytes.</returns>
    public static async ValueTask<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
            return null;
#if NET
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        Stream stream = await content.ReadAsStreamAsync().ConfigureAwait(false);
        // A read on .NET Framework's network streams hears no token; closing the stream ends it.
        using CancellationTokenRegistration closing = cancellationToken.Register(stream.Dispose);
#endif
        string[] encodings = ContentDecoding.Of(content);
        long? announced = encodings.Length == 0 ? content.Headers.ContentLength : null;
        stream = ContentDecoding.Decode(stream, encodings);
        // No more room is made than for what has come: an announced length is only a promise.
        byte[] body = new byte[Math.Min(announced ?? FirstSize, LargestFirstSize)];
        int length = 0;
        while (length != announced)
        {
            if (length == body.Length)
                Array.Resize(ref body, (int)Math.Min(2L * length, announced ?? limit + 1L));
#if NET
            int read = await stream.ReadAsync(body.AsMemory(length), cancellationToken).ConfigureAwait(false);
#else
            int read = await stream.ReadAsync(body, length, body.Length - length, cancellationToken).ConfigureAwait(false);
#endif
            if (read == 0)
                break;
            length += read;
            if (length > limit)
                return null;
        }
        // A body that ends before its announced length is a broken connection, not a short answer.
        if (length < announced)
            throw new IOException($"The body ended after {length} of {announced} bytes.");
        Array.Resize(ref body, length);
        return body;
    }
}
