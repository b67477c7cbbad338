using System.IO.Compression;

namespace NanoBanana.Client.Http;

/// <summary>
/// Undoes the content encodings of a body (RFC 9110, section 8.4), as the bytes are read: whoever reads bounds what comes out.
/// No handler undoes them: of images they are not asked for, and for the API's answers that would be one more layer around each request.
/// </summary>
internal static class ContentDecoding
{
    /// <summary>More are no compression but a trap.</summary>
    private const int MostEncodings = 3;

    /// <summary>What the API may encode its answers in. There are two kinds of <c>deflate</c>, so it is not asked for.</summary>
    public const string Accepted =
#if NET
        "gzip, br";
#else
        "gzip";
#endif

    /// <summary>The encodings of a body in the order in which they were applied, without those that change nothing.</summary>
    public static string[] Of(HttpContent content) => (ICollection<string>)content.Headers.ContentEncoding is not { Count: > 0 } names ? []
        : [.. names.Select(name => name.Trim().ToLowerInvariant()).Where(name => name is not ("" or "identity" or "none"))];

    /// <summary>A stream of the decoded bytes.</summary>
    /// <exception cref="UnreadableContentException">An encoding is not known here.</exception>
    public static Stream Decode(Stream body, string[] encodings)
    {
        if (encodings.Length > MostEncodings)
            throw new UnreadableContentException($"it came in {encodings.Length} content encodings");
        foreach (string name in Enumerable.Reverse(encodings))
        {
            body = name switch
            {
                "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
#if NET
                "deflate" => new ZLibStream(body, CompressionMode.Decompress),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
#else
                // RFC 1950 around RFC 1951: two bytes before it; the checksum after it is not read.
                "deflate" => new DeflateStream(Skip(body, 2), CompressionMode.Decompress),
#endif
                _ => throw new UnreadableContentException("it came in a content encoding that can't be decoded here"),
            };
        }
        return body;
    }

#if !NET
    private static Stream Skip(Stream body, int count)
    {
        while (count-- > 0)
            _ = body.ReadByte();
        return body;
    }
#endif
}

/// <summary>A body in an encoding that is not known: it would come in the same one again.</summary>
internal sealed class UnreadableContentException(string message) : IOException(message);
