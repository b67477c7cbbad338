namespace NanoBanana.Client.Images.Inline;

/// <summary>Wraps a control sequence for the terminal of tmux. tmux passes it on if its option allow-passthrough is on.</summary>
internal static class TmuxPassthrough
{
    /// <summary>The maximum length of a sequence. tmux discards longer ones, because its buffer for one sequence has 1 MiB.</summary>
    public const int MaximumSequenceLength = 1_000_000;

    /// <summary>
    /// A sequence that draws into rows that tmux does not manage. The rows are created first, so tmux scrolls if necessary, and later text
    /// is below them. Clearing the first row makes tmux move the cursor of the terminal there before it passes the sequence on.
    /// </summary>
    public static string Draw(string sequence, int rows)
    {
        string lines = string.Concat(Enumerable.Repeat("\r\n", rows));
        return FormattableString.Invariant($"{lines}\x1b[{rows}A\x1b[K{Wrap(sequence)}\x1b[{rows}B\r");
    }

    public static string Wrap(string sequence) => "\x1bPtmux;" + sequence.Replace("\x1b", "\x1b\x1b") + "\x1b\\";
}
