using System.Diagnostics;
using System.Management.Automation.Host;
using System.Text;
using NanoBanana.Client.Images.Inline;

namespace NanoBanana.Terminals;

/// <summary>
/// The terminal of this process. It is asked once. Its answers are read as keys: from the first look at the keys on, .NET has the echo off
/// and gives characters one by one, also those of sequences that it does not know.
/// </summary>
internal sealed class ConsoleTerminal(PSHost host) : ITerminal
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(4);

    private static readonly CellBox UsualWindow = new(80, 24);

    private static readonly object Lock = new();
    private static InlineTerminal? _known;

    /// <summary>Why nothing is written to the terminal; null when there is one, and somebody in front of it.</summary>
    public string? Problem
    {
        get
        {
            if (host.Name != "ConsoleHost")
                return $"the host '{host.Name}' is not a console";
            if (Console.IsOutputRedirected)
                return "the output is redirected";
            return Console.IsInputRedirected || !Environment.UserInteractive
                || CommandLine.IsNonInteractive(Environment.GetCommandLineArgs())
                ? "the session is not interactive"
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
                // A pseudo terminal may have no size.
                (int columns, int rows) = (Console.WindowWidth, Console.WindowHeight);
                return columns > 0 && rows > 0 ? new CellBox(columns, rows) : UsualWindow;
            }
            catch (IOException)
            {
                return UsualWindow;
            }
        }
    }

    /// <inheritdoc/>
    public bool HasInput => Console.KeyAvailable;

    /// <summary>What the terminal shows. For the pipeline thread, because it may have to ask.</summary>
    public InlineTerminal Ask()
    {
        if (host.UI is not { SupportsVirtualTerminal: true })
            return new InlineTerminal(Protocol: null) { Hint = "the console knows no escape sequences" };
        lock (Lock)
        {
            _known ??= new TerminalProbe(this, Environment.GetEnvironmentVariable, Window, TimeProvider.System, Tmux.Ask).Ask();
            // The next command asks again.
            return _known ?? new InlineTerminal(Protocol: null) { Hint = "something was typed already, so the terminal was not asked" };
        }
    }

    /// <summary>Writes an image. The host moves its progress out of the way, and transcripts have nothing of it.</summary>
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
                // An escape and the character after it may come as one key.
                if (key.Modifiers.HasFlag(ConsoleModifiers.Alt) && key.KeyChar != '\x1b')
                    text.Append('\x1b');
                if (key.KeyChar != '\0')
                    text.Append(key.KeyChar);
            }
        }
        return text.ToString();
    }
}
