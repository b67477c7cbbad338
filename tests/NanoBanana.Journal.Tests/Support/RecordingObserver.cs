using System.Collections.Concurrent;

namespace NanoBanana.Journal.Tests.Support;

/// <summary>Keeps what a user would be told.</summary>
internal sealed class RecordingObserver : IClientObserver
{
    private readonly ConcurrentQueue<string> _warnings = new();

    public IReadOnlyList<string> Warnings => [.. _warnings];

    public void OnRequest(RequestTrace trace)
    {
    }

    public void OnWarning(string message) => _warnings.Enqueue(message);
}
