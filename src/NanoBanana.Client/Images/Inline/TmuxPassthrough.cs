namespace NanoBanana.Client.Images.Inline;

/// <summary>A control sequence that tmux hands on to the terminal that it runs in, where its option allow-passthrough is on.</summary>
internal static class TmuxPassthrough
{
    /// <summary>tmux drops what is longer: its buffer for one sequence has 1 MiB.</summary>
    public const int LongestSequence = 1_000_000;

    /// <summary>
    /// A sequence that draws into rows of which tmux knows nothing. They are made first, so that tmux scrolls where it has to, and the
    /// text after them comes below. Clearing the first of them makes tmux move the cursor of the terminal there before it hands on.
    /// </summary>
    public static string Draw(string sequence, int rows)
    {
        string lines = string.Concat(Enumerable.Repeat("\r\n", rows));
        return FormattableString.Invariant($"{lines}\x1b[{rows}A\x1b[K{Wrap(sequence)}\x1b[{rows}B\r");
    }

    public static string Wrap(string sequence) => "\x1bPtmux;" + sequence.Replace("\x1b", "\x1b\x1b") + "\x1b\\";
}
