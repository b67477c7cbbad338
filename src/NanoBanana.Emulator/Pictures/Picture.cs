using System.Globalization;
using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Pictures;

/// <summary>A PNG file in parts: head and palette of its own, pixels shared with others of its size.</summary>
internal sealed class Picture
{
    private Picture(IReadOnlyList<ArraySegment<byte>> parts, string entityTag)
    {
        (Parts, EntityTag) = (parts, entityTag);
        Length = parts.Sum(static part => (long)part.Count);
    }

    public IReadOnlyList<ArraySegment<byte>> Parts { get; }

    /// <summary>Bytes of the whole file.</summary>
    public long Length { get; }

    /// <summary>A strong ETag, in its quotes: equal requests have equal pictures.</summary>
    public string EntityTag { get; }

    /// <summary>The picture of a task.</summary>
    public static Picture Of(ProviderTask task)
    {
        var parameters = task.Parameters;
        var size = PictureSizes.Find(parameters.AspectRatio, parameters.Resolution);
        int variant = (int)(task.Fingerprint % PicturePattern.Variants);
        byte[] pixels = PixelCache.Shared.Get(size, variant, PictureSizes.DotOf(parameters.Resolution));
        byte[] palette = PngChunks.Make("PLTE", PicturePalette.Create(task.Fingerprint));
        byte[] head = [.. PngChunks.Signature, .. PngChunks.Header(size), .. palette];
        int bytes = head.Length + pixels.Length + PngChunks.End.Length;
        return new Picture(
            [new(head), new(pixels), .. PngFiller.Make((task.Directives.PictureBytes ?? bytes) - bytes), new(PngChunks.End)],
            "\"" + task.Fingerprint.ToString("x16", CultureInfo.InvariantCulture) + "\"");
    }

    /// <summary>A stretch of the file, still in parts.</summary>
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
