using NanoBanana.Client.Journal;

namespace NanoBanana.Connections;

/// <summary>
/// The journal of this user, for a command that only asks: nothing is made or changed. A command before it in the pipeline
/// may make the file, so where there is none it is looked for again.
/// </summary>
/// <param name="stop">Ends its queries.</param>
internal sealed class JournalLook(CancellationToken stop) : IDisposable
{
    private JournalReader? _reader;
    private bool _hasFailed;

    /// <summary>The journal; null where there is none yet.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.JournalRequired"/>: there is to be none, or it can't be read.</exception>
    /// <exception cref="OperationCanceledException">The pipeline has stopped; so do all queries of the reader.</exception>
    public JournalReader? Open() => _reader ??= JournalHandle.FromEnvironment(endpoint: null, TimeProvider.System).Read(stop);

    /// <summary>The journal for a command that does with less without it; null also where it can't be read, which is tried once.</summary>
    public JournalReader? TryOpen()
    {
        try
        {
            return _hasFailed ? null : Open();
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.JournalRequired)
        {
            _hasFailed = true;
            return null;
        }
    }

    public void Dispose() => _reader?.Dispose();
}
