using System.Management.Automation.Host;
using NanoBanana.Client.Wire;

namespace NanoBanana.Pipeline;

/// <summary>
/// The unsaved paid tasks of a command, and its submissions without an answer. If the command ends before they do, it reports them to the
/// user. This can fail, because a stopped pipeline can't be written to, and a host does not have to show warnings.
/// </summary>
/// <param name="host">Receives the warnings.</param>
/// <param name="journalPath">Returns the path of the journal that contains the ids; null without a journal. Can wait for the disk.</param>
internal sealed class StopNotice(PSHost host, Func<string?> journalPath)
{
    private const int IdsPerMessage = 50;

    private readonly object _lock = new();
    private readonly HashSet<string> _unsaved = new(StringComparer.Ordinal);
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);
    private readonly List<ImageRequest> _unanswered = [];
    private readonly Lazy<string?> _journal = new(journalPath);
    private int _timedOut;
    private bool _isReported;

    /// <summary>The path of the journal, if a task was added; otherwise null.</summary>
    private string? Journal => _journal.IsValueCreated ? _journal.Value : null;

    /// <summary>A submission starts. It is in flight until <see cref="Answered"/>.</summary>
    public void Sending(ImageRequest request)
    {
        lock (_lock)
            _unanswered.Add(request);
    }

    /// <summary>A submission has ended. After the report, the last one reports all late ids together.</summary>
    public void Answered(ImageRequest request)
    {
        lock (_lock)
            _unanswered.RemoveAt(_unanswered.FindIndex(one => ReferenceEquals(one, request)));
        ReportLate();
    }

    /// <summary>Adds a paid task that is not saved yet.</summary>
    public void Add(ImageTask task)
    {
        // Read here, on a pool thread, because the thread that reports must not wait for the disk.
        _ = _journal.Value;
        lock (_lock)
        {
            _unsaved.Add(task.Id);
            if (_isReported)
                _late.Add(task.Id);
        }
        ReportLate();
    }

    public void Remove(ImageTask task)
    {
        lock (_lock)
            _unsaved.Remove(task.Id);
    }

    /// <summary>Counts a task that did not end in time.</summary>
    public void TimedOut() => Interlocked.Increment(ref _timedOut);

    /// <summary>The final warning about tasks that did not end in time; null if all tasks ended in time.</summary>
    public string? TimeoutWarning() => _timedOut == 0
        ? null
        : Messages.TasksTimedOut(_timedOut, Journal is not null ? Messages.ResumeFromJournal("FOLDER") : Messages.ResumeFromErrors);

    /// <summary>
    /// Reports the unsaved tasks and the submissions in flight, once: a stop and the end of the pipeline can both call it.
    /// </summary>
    public void Report()
    {
        string[] ids;
        string[] names;
        lock (_lock)
        {
            if (_isReported)
                return;
            _isReported = true;
            ids = [.. _unsaved];
            names = [.. _unanswered.Select(request => Messages.RequestName(request.Name ?? request.Prompt))];
        }
        Report(Messages.NotSaved(ids.Length), ids);
        if (names.Length > 0)
            Warn(Messages.SubmissionsInFlight(names));
    }

    /// <summary>
    /// Messages with the ids and the command that continues. With a journal, one message, because the journal has all ids.
    /// </summary>
    /// <param name="what">The beginning of the first message.</param>
    /// <param name="ids">The ids of tasks.</param>
    /// <param name="destination">The folder to save to.</param>
    public List<string> Describe(string what, string[] ids, string destination = "FOLDER")
    {
        if (ids.Length == 0)
            return [];
        if (Journal is { } journal)
        {
            string more = ids.Length > IdsPerMessage ? Messages.MoreInJournal(ids.Length - IdsPerMessage, journal) : "";
            return [$"{what}: {string.Join(", ", ids.Take(IdsPerMessage))}{more}. {Messages.ResumeFromJournal(destination)}"];
        }
        return [.. Enumerable.Range(0, (ids.Length + IdsPerMessage - 1) / IdsPerMessage).Select(number => Messages.ResumeWithIds(
            number == 0 ? what : null, destination, ids.Skip(number * IdsPerMessage).Take(IdsPerMessage)))];
    }

    /// <summary>Shows a warning while nothing can be written to the pipeline.</summary>
    public void Warn(string message)
    {
        try
        {
            host.UI?.WriteWarningLine(TextSafety.Clean(message));
        }
        catch (Exception)
        {
            // A host that closes or has no screen must not turn a stop into a crash.
        }
    }

    /// <summary>
    /// Reports late ids. With a journal, in one message after the last answer. Without one, each id immediately, because the process can
    /// end before the next answer.
    /// </summary>
    private void ReportLate()
    {
        string[] ids;
        lock (_lock)
        {
            if (_late.Count == 0 || (Journal is not null && _unanswered.Count > 0))
                return;
            ids = [.. _late];
            _late.Clear();
        }
        Report(Messages.ArrivedLate(ids.Length), ids);
    }

    private void Report(string what, string[] ids) => Describe(what, ids).ForEach(Warn);
}
