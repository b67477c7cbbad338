namespace NanoBanana.Client.Images;

/// <summary>
/// An AVIF file, ISO/IEC 23008-12. Its metadata are items whose places stand in tables all over the file: they can be seen (6.4.2, the
/// entries of iinf), but not taken out without writing the file anew.
/// </summary>
internal static class AvifParts
{
    public static void Read(byte[] file, ImageParts parts)
    {
        parts.Keep(0, file.Length);
        parts.IsAnimated = file.AsSpan(8, 4).SequenceEqual("avis"u8);
        for (ReadOnlySpan<byte> rest = file; rest.IndexOf("infe"u8) is >= 0 and var found; rest = rest.Slice(found + 4))
        {
            ReadOnlySpan<byte> entry = rest.Slice(found, Math.Min(24, rest.Length - found));
            parts.HasFixedMetadata |= entry.IndexOf("Exif"u8) >= 0 || entry.IndexOf("mime"u8) >= 0;
        }
    }
}
