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
