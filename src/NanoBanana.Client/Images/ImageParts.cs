namespace NanoBanana.Client.Images;

/// <summary>
/// An image file without its metadata: the parts that are needed to show it, byte for byte as they were. Nothing is decoded.
/// </summary>
internal sealed class ImageParts(byte[] file)
{
    private readonly List<(int Start, int Length)> _kept = [];

    /// <summary>How the image has to be turned to stand upright: the value of the Exif tag, 1 to 8.</summary>
    public int Orientation { get; private set; } = 1;

    /// <summary>Whether it has more than one frame.</summary>
    public bool IsAnimated { get; set; }

    /// <summary>Whether it has metadata that can't be taken out.</summary>
    public bool HasFixedMetadata { get; set; }

    /// <summary>Keeps the next stretch of the file.</summary>
    public void Keep(int start, int length)
    {
        if (_kept.Count > 0 && _kept[_kept.Count - 1] is var last && last.Start + last.Length == start)
            _kept[_kept.Count - 1] = (last.Start, last.Length + length);
        else
            _kept.Add((start, length));
    }

    /// <summary>Takes the orientation out of an Exif block that is not kept.</summary>
    public void ReadExif(ReadOnlySpan<byte> tiff) => Orientation = Orientation == 1 ? ExifOrientation.Of(tiff) : Orientation;

    /// <summary>What is kept; the file itself, when that is all of it.</summary>
    public byte[] ToBytes()
    {
        if (_kept.Count == 1 && _kept[0] == (0, file.Length))
            return file;
        using var bytes = new MemoryStream(_kept.Sum(part => part.Length));
        foreach ((int start, int length) in _kept)
            bytes.Write(file, start, length);
        return bytes.ToArray();
    }

    /// <summary>Reads an image of a known format to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="extension">The extension of its format, as <see cref="PictureFormat"/> names it.</param>
    /// <exception cref="InvalidDataException">The file is broken or cut off; the message says which.</exception>
    public static ImageParts Of(byte[] file, string extension)
    {
        var parts = new ImageParts(file);
        try
        {
            switch (extension)
            {
                case ".jpg":
                    JpegParts.Read(file, parts);
                    break;
                case ".png":
                    PngParts.Read(file, parts);
                    break;
                case ".webp":
                    WebPParts.Read(file, parts);
                    break;
                case ".gif":
                    GifParts.Read(file, parts);
                    break;
                default:
                    AvifParts.Read(file, parts);
                    break;
            }
        }
        catch (ArgumentException)
        {
            // A length that leads beyond the file.
            throw new InvalidDataException("it is cut off");
        }
        return parts;
    }
}
