using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>Reads a body to its end, up to a limit.</summary>
internal static class BoundedBody
{
    /// <summary>
    /// The first size of the buffer for a body without an announced length, in bytes: the usual length of an answer of this API.
    /// </summary>
    private const int FirstSize = 1024;

    private const int LargestFirstSize = 1024 * 1024;

    /// <returns>Null if the body is larger than <paramref name="limit"/> bytes.</returns>
    public static async ValueTask<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > limit)
            return null;
#if NET
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#else
        Stream stream = await content.ReadAsStreamAsync().ConfigureAwait(false);
        // Network streams of .NET Framework ignore the token; closing the stream ends a read.
        using CancellationTokenRegistration closing = cancellationToken.Register(stream.Dispose);
#endif
        string[] encodings = ContentDecoding.Of(content);
        long? announced = encodings.Length == 0 ? content.Headers.ContentLength : null;
        stream = ContentDecoding.Decode(stream, encodings);
        // The buffer grows with the received bytes only, because the announced length may be wrong.
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
        // A body that ends before its announced length means a broken connection.
        if (length < announced)
            throw new IOException(Messages.BodyIncomplete(length, announced));
        Array.Resize(ref body, length);
        return body;
    }
}
