using NanoBanana.Terminals;

namespace NanoBanana.Module.Tests.Stopping;

/// <summary>The command line of pwsh decides whether Ctrl+C ends a script, and whether the session is interactive.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("-File run.ps1", true)]
    [InlineData("run.PS1 -NoExit", true)]
    [InlineData("-NoProfile -Command Get-Date", true)]
    [InlineData("/c Get-Date", true)]
    [InlineData("-comm Get-Date", true)]
    [InlineData("-EncodedCommand RwBl", true)]
    [InlineData("-cwa Get-Date", true)]
    [InlineData("-CommandWithArgs Get-Date", true)]
    [InlineData("-NoExit -File run.ps1", false)]
    [InlineData("-noe -c Get-Date", false)]
    [InlineData("-NoProfile", false)]
    [InlineData("-ConfigurationName x", false)]
    [InlineData("", false)]
    public void Session_with_a_script_is_recognized(string arguments, bool expected) =>
        Assert.Equal(expected, CommandLine.RunsScript(Split(arguments)));

    [Theory]
    [InlineData("-NonInteractive", true)]
    [InlineData("--noni", true)]
    [InlineData("-NoProfile -NonI -File run.ps1", true)]
    [InlineData("-File run.ps1 -NonInteractive", false)]
    [InlineData("-CommandWithArgs Get-Date -NonInteractive", false)]
    [InlineData("-non", false)]
    [InlineData("-NoProfile", false)]
    public void NonInteractive_counts_only_before_the_script(string arguments, bool expected) =>
        Assert.Equal(expected, CommandLine.IsNonInteractive(Split(arguments)));

    private static string[] Split(string arguments) => ["pwsh", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
