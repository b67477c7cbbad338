using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Pictures;

/// <summary>An image file in parts; of a PNG, head and palette are its own, pixels shared with others of its size.</summary>
internal sealed class Picture
{
    private Picture(IReadOnlyList<ArraySegment<byte>> parts, string mediaType, string entityTag)
    {
        (Parts, MediaType, EntityTag) = (parts, mediaType, entityTag);
        Length = parts.Sum(static part => (long)part.Count);
    }

    public IReadOnlyList<ArraySegment<byte>> Parts { get; }

    public string MediaType { get; }

    /// <summary>Bytes of the whole file.</summary>
    public long Length { get; }

    /// <summary>A strong ETag, in its quotes: equal requests have equal pictures.</summary>
    public string EntityTag { get; }

    /// <summary>A picture of a task.</summary>
    public static Picture Of(ProviderTask task, int number = 0)
    {
        var size = task.Sizes[number];
        string tag = FormattableString.Invariant($"\"{task.Fingerprint:x16}-{number}\"");
        if (task.Shape == EmulatorResultShape.WebP)
            return new Picture([new(WebPFile.Create(size, task.Fingerprint))], "image/webp", tag);
        int dot = task.Directives.Sizes.Count > 0 ? 1 : PictureSizes.DotOf(task.Parameters.Resolution);
        int variant = (int)(task.Fingerprint % PicturePattern.Variants);
        byte[] pixels = PixelCache.Shared.Get(size, variant, dot);
        byte[] palette = PngChunks.Make("PLTE", PicturePalette.Create(task.Fingerprint));
        byte[] head = [.. PngChunks.Signature, .. PngChunks.Header(size), .. palette];
        int bytes = head.Length + pixels.Length + PngChunks.End.Length;
        return new Picture(
            [new(head), new(pixels), .. PngFiller.Make((task.Directives.PictureBytes ?? bytes) - bytes), new(PngChunks.End)],
            "image/png",
            tag);
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
