namespace NanoBanana.Terminals;

/// <summary>The command line of PowerShell itself: nothing else tells that a session was started with -NonInteractive.</summary>
internal static class CommandLine
{
    /// <summary>These end the parameters of PowerShell: what follows belongs to the script.</summary>
    private static readonly string[] Last = ["-file", "-f", "-command", "-c", "-encodedcommand", "-e", "-ec", "-commandwithargs", "-cwa"];

    /// <summary>Whether it has <c>-NonInteractive</c>, of which <c>-noni</c> is enough.</summary>
    /// <param name="arguments">The command line; the program is the first.</param>
    public static bool IsNonInteractive(IEnumerable<string> arguments) => arguments
        .Skip(1)
        .Select(argument => argument.Length > 1 && argument[0] is '/' or '-'
            ? "-" + argument.TrimStart('/', '-').ToLowerInvariant()
            : argument)
        .TakeWhile(argument => !Last.Contains(argument, StringComparer.Ordinal))
        .Any(argument => argument.Length >= "-noni".Length && "-noninteractive".StartsWith(argument, StringComparison.Ordinal));
}
