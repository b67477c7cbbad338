using NanoBanana.Client.Text;

namespace NanoBanana.Client.Images;

/// <summary>
/// The blocks of a GIF file, GIF89a appendix A. The image and its transparency are kept; comments and application data are not.
/// </summary>
internal static class GifParts
{
    private const int Extension = 0x21, Image = 0x2C, Trailer = 0x3B, Comment = 0xFE, Application = 0xFF;

    public static void Read(byte[] file, ImageParts parts)
    {
        int at = 13 + ColorTable(file.AsSpan(10, 1)[0]);
        parts.Keep(0, file.AsSpan(0, at).Length);
        int images = 0;
        while (true)
        {
            int start = at;
            ReadOnlySpan<byte> block = file.AsSpan(at, 1);
            switch (block[0])
            {
                case Trailer:
                    parts.Keep(at, 1);
                    parts.IsAnimated = images > 1;
                    if (images == 0)
                        throw new InvalidDataException(Messages.ImageHasNoData);
                    return;
                case Image:
                    images++;
                    at = EndOfData(file, at + 11 + ColorTable(file.AsSpan(at, 10)[9]));
                    break;
                case Extension:
                    at = EndOfData(file, at + 2);
                    break;
                default:
                    throw new InvalidDataException(Messages.ImageBlocksInvalid);
            }
            if (block[0] == Image || file[start + 1] is not (Comment or Application))
                parts.Keep(start, at - start);
        }
    }

    /// <summary>Data consists of blocks that start with their length. The last block has the length 0.</summary>
    private static int EndOfData(byte[] file, int at)
    {
        while (file.AsSpan(at, 1)[0] is not 0 and var length)
            at += 1 + length;
        return at + 1;
    }

    private static int ColorTable(byte flags) => flags >= 0x80 ? 3 << ((flags & 7) + 1) : 0;
}
