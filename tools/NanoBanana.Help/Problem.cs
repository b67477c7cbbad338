namespace NanoBanana.Help;

/// <summary>Something that is wrong with a page.</summary>
/// <param name="File">The page's path.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Message">What is wrong, and what is wanted.</param>
internal sealed record Problem(string File, int Line, string Message)
{
    /// <summary>
    /// The form that MSBuild takes for an error of the build:
    /// https://learn.microsoft.com/visualstudio/msbuild/msbuild-diagnostic-format-for-tasks.
    /// </summary>
    public override string ToString() => FormattableString.Invariant($"{File}({Line},1): error HELP001: {Message}");
}
