using Microsoft.Extensions.Time.Testing;
using NanoBanana.Client.Images.Inline;

namespace NanoBanana.Client.Tests.Images.Inline;

/// <summary>A terminal that answers the sequences it supports, in order, and records all other sequences.</summary>
internal sealed class ScriptedTerminal(FakeTimeProvider time) : ITerminal
{
    private readonly List<(string Query, string Answer)> _answers = [];
    private string _input = "";

    /// <summary>The unsupported output.</summary>
    public List<string> Written { get; } = [];

    /// <summary>Answers that were not read.</summary>
    public string Unread => _input;

    public bool HasInput => _input.Length > 0;

    /// <summary>Maximum number of characters per read.</summary>
    public int ReadLength { get; init; } = int.MaxValue;

    public ScriptedTerminal Answering(string query, string answer)
    {
        _answers.Add((query, answer));
        return this;
    }

    public void Type(string keys) => _input += keys;

    public void Write(string text)
    {
        Written.Add(text);
        foreach ((_, string answer) in _answers.Where(known => text.Contains(known.Query, StringComparison.Ordinal))
            .OrderBy(known => text.IndexOf(known.Query, StringComparison.Ordinal)))
            _input += answer;
    }

    public string Read(TimeSpan limit)
    {
        if (_input.Length == 0)
        {
            time.Advance(limit);
            return "";
        }
        string read = _input[..Math.Min(ReadLength, _input.Length)];
        _input = _input[read.Length..];
        return read;
    }
}
