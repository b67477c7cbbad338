using System.Collections;

namespace NanoBanana.Help;

/// <summary>The problems of all pages. One build shows all of them.</summary>
internal sealed class ProblemList : IReadOnlyCollection<Problem>
{
    private readonly List<Problem> _problems = [];

    public int Count => _problems.Count;

    public void Add(string file, int line, string message) => _problems.Add(new Problem(file, line, message));

    public IEnumerator<Problem> GetEnumerator() => _problems.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A problem of a page.</summary>
/// <param name="File">The page's path.</param>
/// <param name="Line">The line number, from 1.</param>
/// <param name="Message">The problem and the rule.</param>
internal sealed record Problem(string File, int Line, string Message)
{
    /// <summary>
    /// The format of an error that MSBuild recognizes:
    /// https://learn.microsoft.com/visualstudio/msbuild/msbuild-diagnostic-format-for-tasks.
    /// </summary>
    public override string ToString() => FormattableString.Invariant($"{File}({Line},1): error HELP001: {Message}");
}
