using System.Buffers.Binary;

namespace NanoBanana.Client.Images;

/// <summary>
/// Finds the end mark of an image's format in its bytes while they arrive. It shows that an image is complete if no length was announced.
/// Bytes after the end are ignored.
/// </summary>
/// <remarks>
/// Sources: PNG (ISO/IEC 15948) 5.3; ITU T.81 B.1.1 for JPEG; GIF89a, appendix A; RFC 9649 2.3 for WebP; ISO/IEC 14496-12 4.2 for AVIF.
/// AVIF has no end mark: it is complete at the end of a box, if the description and the data were read.
/// </remarks>
internal sealed class ImageEnd
{
    private readonly byte[] _start = new byte[ImageFormat.SignatureLength];
    private readonly byte[] _head = new byte[ImageFormat.SignatureLength];
    private Action? _step;
    private int _needed;
    private int _filled;
    private long _skip;
    private bool _searching;
    private long _position;
    private long _length;
    private long? _end;
    private bool _hasDescription;
    private bool _hasData;

    /// <summary>Whether the end was reached.</summary>
    public bool IsReached => _end <= _length || (_hasDescription && _hasData && _filled == 0 && _skip == 0);

    /// <summary>Reads the next bytes of the file.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        int missing = (int)Math.Max(0, _start.Length - _length);
        ReadOnlySpan<byte> first = bytes.Slice(0, Math.Min(missing, bytes.Length));
        first.CopyTo(_start.AsSpan(_start.Length - missing));
        _length += bytes.Length;
        if (missing > 0 && first.Length == missing)
        {
            FindFormat();
            Process(_start);
        }
        Process(bytes.Slice(first.Length));
    }

    private void FindFormat()
    {
        switch (ImageFormat.ExtensionOf(_start))
        {
            case ".png":
                ReadThen(8, PngChunk, skip: 8);
                break;
            case ".jpg":
                ReadThen(1, JpegMarker, skip: 2);
                break;
            case ".gif":
                ReadThen(13, GifScreen);
                break;
            case ".webp":
                EndsAt(8L + BinaryPrimitives.ReadUInt32LittleEndian(_start.AsSpan(4)));
                break;
            case ".avif":
                ReadThen(8, AvifBox);
                break;
        }
    }

    private void Process(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _step is not null)
        {
            int taken;
            if (_skip > 0)
            {
                taken = (int)Math.Min(_skip, bytes.Length);
                _skip -= taken;
            }
            else if (_searching)
            {
                int found = bytes.IndexOf((byte)0xFF);
                _searching = found < 0;
                taken = _searching ? bytes.Length : found + 1;
            }
            else
            {
                taken = Math.Min(_needed - _filled, bytes.Length);
                bytes.Slice(0, taken).CopyTo(_head.AsSpan(_filled));
                _filled += taken;
            }
            _position += taken;
            bytes = bytes.Slice(taken);
            if (_filled < _needed)
                continue;
            _filled = 0;
            _step();
        }
    }

    /// <summary>Skips some bytes, reads a number of bytes, and then calls a step.</summary>
    private void ReadThen(int count, Action step, long skip = 0)
    {
        _needed = count;
        _step = step;
        _skip = skip;
    }

    private void EndsAt(long end)
    {
        _end = end;
        _step = null;
    }

    private void PngChunk()
    {
        long contentAndChecksum = BinaryPrimitives.ReadUInt32BigEndian(_head) + 4L;
        if (Is("IEND"))
            EndsAt(_position + contentAndChecksum);
        else
            ReadThen(8, _step!, contentAndChecksum);
    }

    private void JpegMarker()
    {
        if (_head[0] == 0xFF)
            ReadThen(1, JpegCode);
        else
            Search();
    }

    /// <summary>Compressed data ends at the next marker. A value FF in it is followed by 00.</summary>
    private void Search()
    {
        _searching = true;
        ReadThen(1, JpegCode);
    }

    private void JpegCode()
    {
        switch (_head[0])
        {
            case 0xFF:
                ReadThen(1, JpegCode);
                break;
            case 0xD9:
                EndsAt(_position);
                break;
            case 0x00 or 0x01 or (>= 0xD0 and <= 0xD8):
                Search();
                break;
            case 0xDA:
                ReadThen(2, JpegScan);
                break;
            default:
                ReadThen(2, JpegSegment);
                break;
        }
    }

    private void JpegSegment() => ReadThen(1, JpegMarker, BinaryPrimitives.ReadUInt16BigEndian(_head) - 2L);

    private void JpegScan()
    {
        Search();
        _skip = BinaryPrimitives.ReadUInt16BigEndian(_head) - 2L;
    }

    private void GifScreen() => ReadThen(1, GifBlock, ColorTable(_head[10]));

    private void GifBlock()
    {
        switch (_head[0])
        {
            case 0x3B:
                EndsAt(_position);
                break;
            case 0x2C:
                ReadThen(9, GifImage);
                break;
            case 0x21:
                ReadThen(1, GifData, skip: 1);
                break;
            default:
                _step = null;
                break;
        }
    }

    /// <summary>The data follows a color table and the code size, in blocks that start with their length.</summary>
    private void GifImage() => ReadThen(1, GifData, ColorTable(_head[8]) + 1);

    private void GifData()
    {
        if (_head[0] == 0)
            ReadThen(1, GifBlock);
        else
            ReadThen(1, GifData, skip: _head[0]);
    }

    private static long ColorTable(byte flags) => flags >= 0x80 ? 3L << ((flags & 7) + 1) : 0;

    private void AvifBox()
    {
        _hasDescription |= Is("meta") || Is("moov");
        _hasData |= Is("mdat");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_head);
        if (length >= 8)
            ReadThen(8, AvifBox, length - 8);
        else if (length == 1)
            (_needed, _filled, _step) = (16, 8, AvifLongBox);
        else
            _step = null; // 0 is a box up to the end of the file; other lengths are not valid.
    }

    private void AvifLongBox() => ReadThen(8, AvifBox, Math.Max(0, BinaryPrimitives.ReadInt64BigEndian(_head.AsSpan(8)) - 16));

    private bool Is(string name) => _head[4] == name[0] && _head[5] == name[1] && _head[6] == name[2] && _head[7] == name[3];
}
