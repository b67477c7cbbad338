using System.IO.Compression;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// Decodes the content encodings of a body (RFC 9110, section 8.4) while it is read, so the reader can limit the decoded size. The handlers
/// do not decode: images are requested without an encoding, and for the API's answers decoding in a handler would add a layer to each
/// request.
/// </summary>
internal static class ContentDecoding
{
    /// <summary>The maximum number of encodings. More are an attack.</summary>
    private const int MaximumEncodings = 3;

    /// <summary>The encodings that the API may use. <c>deflate</c> has two meanings, so it is not requested.</summary>
    public const string Accepted =
#if NET
        "gzip, br";
#else
        "gzip";
#endif

    /// <summary>The encodings of a body in the order in which they were applied, except for those without an effect.</summary>
    public static string[] Of(HttpContent content) => (ICollection<string>)content.Headers.ContentEncoding is not { Count: > 0 } names ? []
        : [.. names.Select(name => name.Trim().ToLowerInvariant()).Where(name => name is not ("" or "identity" or "none"))];

    /// <summary>A stream of the decoded bytes.</summary>
    /// <exception cref="UnreadableContentException">An encoding is not supported.</exception>
    public static Stream Decode(Stream body, string[] encodings)
    {
        if (encodings.Length > MaximumEncodings)
            throw new UnreadableContentException(Messages.TooManyEncodings(encodings.Length));
        foreach (string name in Enumerable.Reverse(encodings))
        {
            body = name switch
            {
                "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
#if NET
                "deflate" => new ZLibStream(body, CompressionMode.Decompress),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
#else
                // RFC 1950 adds two bytes before the data of RFC 1951, and a checksum after it, which is not read.
                "deflate" => new DeflateStream(Skip(body, 2), CompressionMode.Decompress),
#endif
                _ => throw new UnreadableContentException(Messages.EncodingUnknown),
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

/// <summary>The encoding of a body is not supported. A retry would return the same encoding.</summary>
internal sealed class UnreadableContentException(string message) : IOException(message);
