using System.Collections.Concurrent;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Images;

/// <summary>An image file in parts. Each PNG has its own head and palette, and shares the pixels with others of its size.</summary>
/// <param name="Parts">The bytes of the file.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="EntityTag">A strong ETag in quotes. Equal requests have equal images.</param>
internal sealed record Image(IReadOnlyList<ArraySegment<byte>> Parts, string MediaType, string EntityTag)
{
    /// <summary>Shared by all emulators of the process, because the patterns are the same.</summary>
    private static readonly OnceCache<(ImageSize Size, int Variant, int Dot)> Pixels =
        new(static key => PixelData.Make(key.Size, key.Variant, key.Dot));

    /// <summary>By length. They are kept because the checksum of twenty megabytes takes longer than sending them.</summary>
    private static readonly OnceCache<int> Fillers = new(PngChunks.Filler);

    /// <summary>Bytes of the whole file.</summary>
    public long Length { get; } = Parts.Sum(static part => (long)part.Count);

    /// <summary>An image of a task.</summary>
    public static Image Of(ProviderTask task, int number = 0)
    {
        var size = task.Sizes[number];
        string tag = FormattableString.Invariant($"\"{task.Fingerprint:x16}-{number}\"");
        if (task.Shape == EmulatorResultShape.WebP)
            return new Image([new(WebPFile.Create(size, task.Fingerprint))], "image/webp", tag);
        int dot = task.Directives.Sizes.Count > 0 ? 1 : ImageSizes.Dot(task.Parameters.Resolution);
        int variant = (int)(task.Fingerprint % ImagePattern.Variants);
        byte[] pixels = Pixels.Get((size, variant, dot));
        byte[] palette = PngChunks.Make("PLTE", ImagePalette.Create(task.Fingerprint));
        byte[] head = [.. PngChunks.Signature, .. PngChunks.Header(size), .. palette];
        int missing = (task.Directives.ImageBytes ?? 0) - head.Length - pixels.Length - PngChunks.End.Length;
        byte[] filler = missing < PngChunks.Overhead ? [] : Fillers.Get(missing);
        return new Image([new(head), new(pixels), new(filler), new(PngChunks.End)], "image/png", tag);
    }

    public byte[] ToArray() => [.. Parts.SelectMany(static part => part)];

    /// <summary>A range of the file, in parts.</summary>
    public List<ArraySegment<byte>> Slice(long start, long count)
    {
        var slice = new List<ArraySegment<byte>>(Parts.Count);
        foreach (var part in Parts)
        {
            if (start < part.Count && count > 0)
            {
                int taken = (int)Math.Min(part.Count - start, count);
                slice.Add(new ArraySegment<byte>(part.Array!, part.Offset + (int)start, taken));
                count -= taken;
            }

            start = Math.Max(0, start - part.Count);
        }

        return slice;
    }
}

/// <summary>Bytes that are created at the first request for a key, once even with concurrent requests.</summary>
internal sealed class OnceCache<TKey>(Func<TKey, byte[]> create)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<byte[]>> _cache = new();

    public byte[] Get(TKey key) => _cache.GetOrAdd(key, _ => new Lazy<byte[]>(() => create(key))).Value;
}
