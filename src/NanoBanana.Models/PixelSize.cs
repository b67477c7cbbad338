namespace NanoBanana;

/// <summary>The width and height of an image, in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height)
{
    /// <summary>The usual form, such as <c>2752x1536</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Width}x{Height}");
}
