using System.Buffers.Binary;

namespace NanoBanana.Client.Images;

/// <summary>
/// Finds the width and height of an image in its bytes while they arrive, in pieces of any length. A small window moves over the file, and
/// the reader of the format returns the distance to the next window.
/// </summary>
/// <remarks>
/// Sources: PNG (ISO/IEC 15948) 11.2.2; GIF89a 18; RFC 9649 for WebP with RFC 6386 9.1; ITU T.81 B.2.2 for JPEG; ISO/IEC 23008-12 6.5.3 for
/// AVIF. An AVIF file can also contain smaller images, so the largest one counts.
/// </remarks>
internal sealed class ImageDimensions
{
    private const int WindowLength = 30;

    /// <summary>The maximum number of windows: more than any real file needs, and a limit for crafted files.</summary>
    private const int MaximumSteps = 10_000;

    private readonly byte[] _window = new byte[WindowLength];
    private Step _step;
    private int _steps;
    private int _filled;
    private long _skip;
    private bool _ended;

    public ImageDimensions() => _step = Start;

    /// <summary>Reads a window, and returns the distance in bytes to the start of the next one; 0 at the end.</summary>
    private delegate long Step(ReadOnlySpan<byte> window);

    /// <summary>The width and height; null if they are not found so far, or if the file does not have them.</summary>
    public PixelSize? Size { get; private set; }

    /// <summary>Reads the next bytes of the file.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!_ended && bytes.Length > _skip)
        {
            bytes = bytes.Slice((int)_skip);
            _skip = 0;
            int taken = Math.Min(bytes.Length, WindowLength - _filled);
            bytes.Slice(0, taken).CopyTo(_window.AsSpan(_filled));
            _filled += taken;
            bytes = bytes.Slice(taken);
            if (_filled < WindowLength)
                return;
            MoveBy(_step(_window));
        }
        _skip -= bytes.Length;
    }

    private void MoveBy(long distance)
    {
        _ended = distance <= 0 || ++_steps > MaximumSteps;
        if (_ended)
            return;
        int kept = (int)Math.Max(0, WindowLength - distance);
        Array.Copy(_window, WindowLength - kept, _window, 0, kept);
        _filled = kept;
        _skip = Math.Max(0, distance - WindowLength);
    }

    private long Start(ReadOnlySpan<byte> file)
    {
        switch (ImageFormat.ExtensionOf(file))
        {
            case ".png":
                return Found(BinaryPrimitives.ReadUInt32BigEndian(file.Slice(16)), BinaryPrimitives.ReadUInt32BigEndian(file.Slice(20)));
            case ".gif":
                return Found(BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(6)),
                    BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(8)));
            case ".webp":
                return WebP(file);
            case ".jpg":
                _step = JpegSegment;
                return 2;
            case ".avif":
                _step = AvifBox;
                return AvifBox(file);
            default:
                return 0;
        }
    }

    private long WebP(ReadOnlySpan<byte> file)
    {
        if (Is(file, 12, "VP8X"))
            return Found(1 + UInt24(file.Slice(24)), 1 + UInt24(file.Slice(27)));
        if (Is(file, 12, "VP8 "))
        {
            return Found(
                BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(26)) & 0x3FFFu,
                BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(28)) & 0x3FFFu);
        }
        if (!Is(file, 12, "VP8L"))
            return 0;
        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(21));
        return Found(1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF));
    }

    private long JpegSegment(ReadOnlySpan<byte> segment)
    {
        if (segment[0] != 0xFF)
            return 0;
        switch (segment[1])
        {
            case 0xFF:
                return 1;
            case 0x01 or (>= 0xD0 and <= 0xD7):
                return 2;
            case 0xD9 or 0xDA:
                return 0;
            case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                return Found(BinaryPrimitives.ReadUInt16BigEndian(segment.Slice(7)),
                    BinaryPrimitives.ReadUInt16BigEndian(segment.Slice(5)));
            default:
                return 2 + BinaryPrimitives.ReadUInt16BigEndian(segment.Slice(2));
        }
    }

    private long AvifBox(ReadOnlySpan<byte> box)
    {
        if (Is(box, 4, "meta"))
            return 12;
        if (Is(box, 4, "iprp") || Is(box, 4, "ipco"))
            return 8;
        if (Is(box, 4, "ipma"))
            return 0;
        if (Is(box, 4, "ispe"))
            Found(BinaryPrimitives.ReadUInt32BigEndian(box.Slice(12)), BinaryPrimitives.ReadUInt32BigEndian(box.Slice(16)));
        uint length = BinaryPrimitives.ReadUInt32BigEndian(box);
        return length == 1 ? BinaryPrimitives.ReadInt64BigEndian(box.Slice(8)) : length;
    }

    private int Found(uint width, uint height)
    {
        bool isSize = width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue;
        if (isSize && (Size is not { } known || (ulong)width * height > (ulong)known.Width * (ulong)known.Height))
            Size = new PixelSize((int)width, (int)height);
        return 0;
    }

    private static uint UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (uint)bytes[1] << 8 | (uint)bytes[2] << 16;

    private static bool Is(ReadOnlySpan<byte> bytes, int offset, string name) =>
        bytes[offset] == name[0] && bytes[offset + 1] == name[1] && bytes[offset + 2] == name[2] && bytes[offset + 3] == name[3];
}
