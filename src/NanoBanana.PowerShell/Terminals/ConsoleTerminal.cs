using System.Diagnostics;
using System.Management.Automation.Host;
using System.Text;
using NanoBanana.Client.Images.Inline;

namespace NanoBanana.Terminals;

/// <summary>
/// The terminal of this process. It is queried once, and its answers are read as keys: after the first check for a key, .NET turns off the
/// echo, and it returns the single characters of a sequence that it does not support.
/// </summary>
internal sealed class ConsoleTerminal(PSHost host) : ITerminal
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(4);

    private static readonly CellBox DefaultWindow = new(80, 24);

    private static readonly object Lock = new();
    private static InlineTerminal? _cached;

    /// <summary>Why nothing is written to the terminal; null in an interactive session with a terminal.</summary>
    public string? Problem
    {
        get
        {
            if (host.Name != "ConsoleHost")
                return Messages.NotAConsole(host.Name);
            if (Console.IsOutputRedirected)
                return Messages.OutputRedirected;
            return Console.IsInputRedirected || !Environment.UserInteractive
                || CommandLine.IsNonInteractive(Environment.GetCommandLineArgs())
                ? Messages.NotInteractive
                : null;
        }
    }

    /// <summary>The size of the window.</summary>
    public static CellBox Window
    {
        get
        {
            try
            {
                // A pseudo terminal can have no size.
                (int columns, int rows) = (Console.WindowWidth, Console.WindowHeight);
                return columns > 0 && rows > 0 ? new CellBox(columns, rows) : DefaultWindow;
            }
            catch (IOException)
            {
                return DefaultWindow;
            }
        }
    }

    /// <inheritdoc/>
    public bool HasInput => Console.KeyAvailable;

    /// <summary>The image protocol of the terminal. For the pipeline thread, because it can query the terminal.</summary>
    public InlineTerminal Query()
    {
        if (host.UI is not { SupportsVirtualTerminal: true })
            return new InlineTerminal(Protocol: null) { Hint = Messages.NoEscapeSequences };
        lock (Lock)
        {
            _cached ??= new TerminalProbe(this, Environment.GetEnvironmentVariable, Window, TimeProvider.System, Tmux.Query).Ask();
            // After a failed query, the next command queries again.
            return _cached ?? new InlineTerminal(Protocol: null) { Hint = Messages.TerminalNotQueried };
        }
    }

    /// <summary>Writes an image. The host hides its progress, and transcripts do not contain the image.</summary>
    public void Show(string text) => host.UI.Write(text);

    /// <inheritdoc/>
    public void Write(string text)
    {
        Console.Out.Write(text);
        Console.Out.Flush();
    }

    /// <inheritdoc/>
    public string Read(TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        var text = new StringBuilder();
        while (text.Length == 0 && clock.Elapsed < limit)
        {
            if (!Console.KeyAvailable)
                Thread.Sleep(PollInterval);
            while (Console.KeyAvailable)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                // An escape and the next character can be one key.
                if (key.Modifiers.HasFlag(ConsoleModifiers.Alt) && key.KeyChar != '\x1b')
                    text.Append('\x1b');
                if (key.KeyChar != '\0')
                    text.Append(key.KeyChar);
            }
        }
        return text.ToString();
    }
}
