using System.Collections.Concurrent;

namespace NanoBanana.Emulator.Pictures;

/// <summary>Makes a PNG file larger and leaves its picture as it is: a chunk of zeros that readers pass over.</summary>
internal static class PngFiller
{
    /// <summary>Its letters say: not needed to show the picture, private, may be copied (PNG specification, 5.4).</summary>
    private const string Type = "fiLl";

    /// <summary>By length: the checksum of twenty megabytes takes longer than sending them.</summary>
    private static readonly ConcurrentDictionary<int, Lazy<byte[]>> Chunks = new();

    /// <returns>A chunk of that many bytes in all; nothing where it would be smaller than the smallest chunk.</returns>
    public static IEnumerable<ArraySegment<byte>> Make(int bytes) => bytes < PngChunks.Overhead
        ? []
        : [new(Chunks.GetOrAdd(bytes, static length => new Lazy<byte[]>(() => PngChunks.Make(Type, new byte[length - PngChunks.Overhead]))).Value)];
}
