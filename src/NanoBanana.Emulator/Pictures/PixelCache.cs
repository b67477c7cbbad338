using System.Collections.Concurrent;

namespace NanoBanana.Emulator.Pictures;

/// <summary>IDAT chunks, each made when it is first wanted, and once even if many want it together.</summary>
internal sealed class PixelCache
{
    private readonly ConcurrentDictionary<(PictureSize Size, int Variant), Lazy<byte[]>> _chunks = new();
    private int _made;

    /// <summary>The one cache of the process: emulators come and go, the patterns stay the same.</summary>
    public static PixelCache Shared { get; } = new();

    /// <summary>How many chunks were made.</summary>
    public int Made => _made;

    public byte[] Get(PictureSize size, int variant, int dot) =>
        _chunks.GetOrAdd((size, variant), _ => new Lazy<byte[]>(() => Make(size, variant, dot))).Value;

    private byte[] Make(PictureSize size, int variant, int dot)
    {
        Interlocked.Increment(ref _made);
        return PixelData.Make(size, variant, dot);
    }
}
