namespace NanoBanana;

/// <summary>Width and height of an image, in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height)
{
    /// <summary>As people write it: <c>2752x1536</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Width}x{Height}");
}
