namespace NanoBanana.Client.Http;

/// <summary>Reads a body to its end, or gives up once it is larger than any honest answer.</summary>
internal static class BoundedBody
{
    /// <returns>Null when the body is larger than <paramref name="limit"/> bytes.</returns>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
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
        var whole = new MemoryStream((int)(content.Headers.ContentLength ?? 1024));
        byte[] buffer = new byte[8192];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;
            if (whole.Length + read > limit)
                return null;
            whole.Write(buffer, 0, read);
        }
        // A body that ends before its announced length is a broken connection, not a short answer.
        return content.Headers.ContentLength is { } announced && whole.Length < announced
            ? throw new IOException($"The body ended after {whole.Length} of {announced} bytes.")
            : whole.ToArray();
    }
}
