namespace NanoBanana.Client.Images.Inline;

/// <summary>The protocols for images in terminals.</summary>
internal enum InlineProtocol
{
    /// <summary>https://sw.kovidgoyal.net/kitty/graphics-protocol/</summary>
    Kitty,

    /// <summary>https://iterm2.com/documentation-images.html</summary>
    ITerm2,

    /// <summary>DEC STD 070, as the VT340 has it: https://vt100.net/docs/vt3xx-gp/chapter14.html</summary>
    Sixel,
}
