namespace NanoBanana.Terminals;

/// <summary>The command line of PowerShell, which is the only source for the switch -NonInteractive.</summary>
internal static class CommandLine
{
    /// <summary>The last parameters of PowerShell. The arguments after them belong to the script.</summary>
    private static readonly string[] Last = ["-file", "-f", "-command", "-c", "-encodedcommand", "-e", "-ec", "-commandwithargs", "-cwa"];

    /// <summary>Whether it contains <c>-NonInteractive</c>, or an abbreviation down to <c>-noni</c>.</summary>
    /// <param name="arguments">The command line, starting with the program.</param>
    public static bool IsNonInteractive(IEnumerable<string> arguments) => arguments
        .Skip(1)
        .Select(argument => argument.Length > 1 && argument[0] is '/' or '-'
            ? "-" + argument.TrimStart('/', '-').ToLowerInvariant()
            : argument)
        .TakeWhile(argument => !Last.Contains(argument, StringComparer.Ordinal))
        .Any(argument => argument.Length >= "-noni".Length && "-noninteractive".StartsWith(argument, StringComparison.Ordinal));
}
