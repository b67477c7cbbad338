using System.Management.Automation.Host;

namespace Quickstart;

/// <summary>As much of a screen as tables need: its width.</summary>
internal sealed class QuickstartRawUI : PSHostRawUserInterface
{
    private const int WidthWhenRedirected = 120;

    public override Size BufferSize
    {
        get => new(Console.IsOutputRedirected ? WidthWhenRedirected : Math.Max(40, Console.WindowWidth), 9999);
        set { }
    }

    public override Size WindowSize
    {
        get => new(BufferSize.Width, 50);
        set { }
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates WindowPosition { get; set; }

    public override Coordinates CursorPosition { get; set; }

    public override int CursorSize { get; set; } = 25;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override string WindowTitle { get; set; } = "";

    public override bool KeyAvailable => false;

    public override void FlushInputBuffer()
    {
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => new BufferCell[0, 0];

    public override KeyInfo ReadKey(ReadKeyOptions options) => default;

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
    {
    }

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
    }

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents)
    {
    }
}
