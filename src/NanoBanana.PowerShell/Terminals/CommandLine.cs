namespace NanoBanana.Terminals;

/// <summary>Reads the command line of pwsh, because PowerShell does not offer these parameters in another way.</summary>
/// <remarks>
/// A parameter can be abbreviated. See
/// https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_pwsh.
/// </remarks>
internal static class CommandLine
{
    /// <summary>The parameters of a script or a command with their shortest forms. The arguments after them belong to the script.</summary>
    private static readonly (string Name, string Shortest)[] ScriptParameters =
    [
        ("-file", "-f"), ("-command", "-c"), ("-encodedcommand", "-e"), ("-ec", "-ec"), ("-commandwithargs", "-commandwithargs"),
        ("-cwa", "-cwa"),
    ];

    /// <summary>Whether it contains <c>-NonInteractive</c>.</summary>
    /// <param name="arguments">The command line, starting with the program.</param>
    public static bool IsNonInteractive(IEnumerable<string> arguments) => Parameters(arguments)
        .TakeWhile(argument => !IsScriptParameter(argument))
        .Any(argument => Is(argument, "-noninteractive", "-noni"));

    /// <summary>Whether it contains a script or a command, after which the process ends.</summary>
    /// <param name="arguments">The command line, starting with the program.</param>
    public static bool RunsScript(IEnumerable<string> arguments) => Parameters(arguments)
        .FirstOrDefault(argument => Is(argument, "-noexit", "-noe") || IsScriptParameter(argument)
            || argument.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)) is { } first
        && !Is(first, "-noexit", "-noe");

    /// <summary>The arguments, with parameters in one form: in lower case, with one hyphen.</summary>
    private static IEnumerable<string> Parameters(IEnumerable<string> arguments) => arguments
        .Skip(1)
        .Select(argument => argument.Length > 1 && argument[0] is '/' or '-'
            ? "-" + argument.TrimStart('/', '-').ToLowerInvariant()
            : argument);

    private static bool IsScriptParameter(string argument) =>
        ScriptParameters.Any(parameter => Is(argument, parameter.Name, parameter.Shortest));

    private static bool Is(string argument, string name, string shortest) =>
        argument.Length >= shortest.Length && name.StartsWith(argument, StringComparison.Ordinal);
}
