using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Images.Inline;

/// <summary>
/// Detects the image protocol of a terminal with queries and a time limit. The first queries have a form that every terminal ignores or
/// answers (CSI). All terminals answer the last of them, so its answer is the end of the answers. Only a terminal that has reported its
/// name is queried with an APC sequence, which other terminals print as text.
/// </summary>
/// <remarks>
/// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html for DA1 (CSI c, where 4 is Sixel), XTVERSION (CSI > q), the size of a cell
/// (CSI 16 t) and of the window (CSI 14 t), and the limits of Sixel (CSI ? Pi ; Pa ; 0 S).
/// </remarks>
/// <param name="terminal">The terminal.</param>
/// <param name="environment">Returns an environment variable of this process.</param>
/// <param name="window">The size of the window in cells.</param>
/// <param name="time">The clock of the time limit.</param>
/// <param name="askTmux">Runs <c>tmux display-message -p</c> with a format; returns null if that fails.</param>
internal sealed class TerminalProbe(
    ITerminal terminal, Func<string, string?> environment, CellBox window, TimeProvider time, Func<string, string?> askTmux)
{
    /// <summary>The fields of <see cref="TmuxFormat"/> in its order.</summary>
    private const char Separator = '|';
    private const string TmuxFormat = "#{client_termname}|#{client_termtype}|#{allow-passthrough}";
    private const string AskKitty = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\";
    private const string AskSixelLimits = "\x1b[?1;1;0S\x1b[?2;1;0S";
    private const string AskAttributes = "\x1b[c";
    private const string AskNameAndSizes = "\x1b[>q\x1b[16t\x1b[14t";

    /// <summary>The maximum length of the answers.</summary>
    private const int MaximumAnswerLength = 8192;

    /// <summary>The time limit for the answers. A slow network needs some tenths of a second.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1.5);

    private static readonly Regex Attributes = new("\x1b\\[\\?([0-9;]*)c", RegexOptions.CultureInvariant);
    private static readonly Regex Version = new("\x1bP>\\|([^\x1b]*)\x1b", RegexOptions.CultureInvariant);
    private static readonly Regex CellSize = new("\x1b\\[6;([0-9]{1,5});([0-9]{1,5})t", RegexOptions.CultureInvariant);
    private static readonly Regex WindowSize = new("\x1b\\[4;([0-9]{1,5});([0-9]{1,5})t", RegexOptions.CultureInvariant);
    private static readonly Regex SixelColors = new("\x1b\\[\\?1;0;([0-9]{1,9})", RegexOptions.CultureInvariant);
    private static readonly Regex SixelSize = new("\x1b\\[\\?2;0;([0-9]{1,5});([0-9]{1,5})", RegexOptions.CultureInvariant);

    /// <summary>Queries the terminal. Input and output must be an interactive console.</summary>
    /// <returns>
    /// The properties of the terminal; null if it can't be queried now, because typed input could be confused with an answer.
    /// </returns>
    public InlineTerminal? Ask()
    {
        if (IsWithoutImages())
            return new InlineTerminal(Protocol: null);
        if (terminal.HasInput)
            return null;
        string answer = Ask(AskNameAndSizes + AskAttributes);
        if (!Attributes.IsMatch(answer))
            return new InlineTerminal(Protocol: null) { Hint = Messages.TerminalSilent };
        string name = Version.Match(answer).Groups[1].Value;
        bool hasSixel = Attributes.Match(answer).Groups[1].Value.Split(';').Skip(1).Contains("4");
        var known = new InlineTerminal(Protocol: null) { Cell = CellOf(answer) };
        bool isTmux = name.StartsWith("tmux", StringComparison.Ordinal);
        string more = (name.Length > 0 && !isTmux ? AskKitty : "") + (hasSixel ? AskSixelLimits : "");
        string limits = more.Length == 0 ? "" : Ask(more + AskAttributes);
        if (limits.Contains("\x1b_Gi=31;OK"))
            return known with { Protocol = InlineProtocol.Kitty };
        if (IsITerm2(name, hasSixel))
            return known with { Protocol = InlineProtocol.ITerm2 };
        if (hasSixel)
            return WithLimits(known, limits) with { Protocol = InlineProtocol.Sixel };
        return isTmux ? QueryTmux(known) : known;
    }

    /// <summary>Whether the terminal certainly shows no images. These terminals may also print a query that they do not support.</summary>
    private bool IsWithoutImages()
    {
        string type = environment("TERM") ?? "";
        return (type.Length == 0 && environment("OS") != "Windows_NT")
            || type is "dumb" or "linux" or "unknown" || type.StartsWith("eterm", StringComparison.Ordinal)
            // GNU Screen uses the query for Kitty as the text of its status line.
            || !string.IsNullOrEmpty(environment("STY"))
            || environment("TERM_PROGRAM") == "Apple_Terminal";
    }

    /// <summary>
    /// Whether the terminal supports the protocol of iTerm2. There is no query for it, so the name of the terminal or its variables decide.
    /// </summary>
    private bool IsITerm2(string name, bool hasSixel) =>
        name.StartsWith("iTerm2", StringComparison.Ordinal) || name.StartsWith("WezTerm", StringComparison.Ordinal)
        || (name.Length == 0 && environment("TERM_PROGRAM") is "iTerm.app" or "WezTerm")
        || (name.Length == 0 && environment("LC_TERMINAL") == "iTerm2")
        // Visual Studio Code supports both protocols or none, by a setting. Sixel has fewer colors.
        || (hasSixel && environment("TERM_PROGRAM") == "vscode");

    /// <summary>
    /// Detects the terminal of tmux, if tmux passes images to it. tmux reports the name of the terminal, so no query is sent through tmux,
    /// because the answer would go to the active pane.
    /// </summary>
    private InlineTerminal QueryTmux(InlineTerminal known)
    {
        if (string.IsNullOrEmpty(environment("TMUX")) || askTmux(TmuxFormat)?.Trim().Split(Separator) is not { Length: 3 } fields)
            return known with { Hint = Messages.TmuxSilent };
        InlineProtocol? around = fields[0].Contains("kitty") || fields[0].Contains("ghostty") || IsNamed(fields[1], "kitty", "ghostty")
            ? InlineProtocol.Kitty
            : IsNamed(fields[1], "iTerm2", "WezTerm") || environment("LC_TERMINAL") == "iTerm2" ? InlineProtocol.ITerm2 : null;
        if (around is null)
            return known;
        // tmux before 3.3 has no such option, and passes all images.
        return fields[2] is "0" or "off"
            ? known with { Hint = Messages.TmuxBlocks }
            : known with { Protocol = around, IsThroughTmux = true };
    }

    private static bool IsNamed(string name, params string[] starts) =>
        starts.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    /// <summary>Sends a query, and reads up to the answer that all terminals send. Input that is typed at this time is lost.</summary>
    private string Ask(string query)
    {
        var answer = new StringBuilder();
        long start = time.GetTimestamp();
        terminal.Write(query);
        while (answer.Length < MaximumAnswerLength && Limit - time.GetElapsedTime(start) is { Ticks: > 0 } left
            && terminal.Read(left) is { Length: > 0 } more)
        {
            answer.Append(more);
            if (more.Contains('c') && Attributes.IsMatch(answer.ToString()))
                break;
        }
        return answer.ToString();
    }

    private PixelSize CellOf(string answer)
    {
        if (Sizes(CellSize, answer) is { } cell)
            return cell;
        return Sizes(WindowSize, answer) is { } all && all.Width >= window.Columns && all.Height >= window.Rows
            ? new PixelSize(all.Width / window.Columns, all.Height / window.Rows)
            : InlineTerminal.UsualCell;
    }

    private static InlineTerminal WithLimits(InlineTerminal known, string answer)
    {
        Match colors = SixelColors.Match(answer), size = SixelSize.Match(answer);
        if (colors.Success)
            known = known with { Colors = Math.Max(2, Math.Min(256, Number(colors.Groups[1]))) };
        return size.Success && Number(size.Groups[1]) > 0 && Number(size.Groups[2]) > 0
            ? known with { MaximumPixels = new PixelSize(Number(size.Groups[1]), Number(size.Groups[2])) }
            : known;
    }

    /// <summary>Terminals report the height first.</summary>
    private static PixelSize? Sizes(Regex expected, string answer) =>
        expected.Match(answer) is { Success: true } match && Number(match.Groups[1]) > 0 && Number(match.Groups[2]) > 0
            ? new PixelSize(Number(match.Groups[2]), Number(match.Groups[1]))
            : null;

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);
}
