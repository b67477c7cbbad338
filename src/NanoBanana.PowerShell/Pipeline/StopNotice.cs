using System.Management.Automation.Host;
using NanoBanana.Client.Wire;

namespace NanoBanana.Pipeline;

/// <summary>
/// The unsaved paid tasks of a command, and its submissions in flight. If the command ends before they do, they are reported to the user
/// through the host, because a stopped pipeline can't be written to. A host does not have to show warnings.
/// </summary>
/// <param name="host">Receives the warnings.</param>
/// <param name="journalPath">Returns the path of the journal that contains the ids; null without a journal. Can wait for the disk.</param>
internal sealed class StopNotice(PSHost host, Func<string?> journalPath)
{
    private const int IdsPerMessage = 50;

    private readonly object _lock = new();
    private readonly HashSet<string> _unsavedIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lateIds = new(StringComparer.Ordinal);
    private readonly List<ImageRequest> _inFlight = [];
    private readonly Lazy<string?> _journal = new(journalPath);
    private int _timeouts;
    private bool _isReported;

    /// <summary>The path of the journal, if a task was added; otherwise null.</summary>
    private string? Journal => _journal.IsValueCreated ? _journal.Value : null;

    /// <summary>Records a submission, which is in flight until <see cref="SubmissionEnded"/>.</summary>
    public void SubmissionStarted(ImageRequest request)
    {
        lock (_lock)
            _inFlight.Add(request);
    }

    /// <summary>Removes a submission. After the report, the end of the last one reports all late ids together.</summary>
    public void SubmissionEnded(ImageRequest request)
    {
        lock (_lock)
            _inFlight.RemoveAt(_inFlight.FindIndex(submitted => ReferenceEquals(submitted, request)));
        ReportLate();
    }

    /// <summary>Adds a paid task that is not saved yet.</summary>
    public void Add(ImageTask task)
    {
        // Read here, on a pool thread, because the thread that reports must not wait for the disk.
        _ = _journal.Value;
        lock (_lock)
        {
            _unsavedIds.Add(task.Id);
            if (_isReported)
                _lateIds.Add(task.Id);
        }
        ReportLate();
    }

    public void Remove(ImageTask task)
    {
        lock (_lock)
            _unsavedIds.Remove(task.Id);
    }

    /// <summary>Counts a task that did not end in time.</summary>
    public void CountTimeout() => Interlocked.Increment(ref _timeouts);

    /// <summary>The final warning about tasks that did not end in time; null if all tasks ended in time.</summary>
    public string? TimeoutWarning() => _timeouts == 0
        ? null
        : Messages.TasksTimedOut(_timeouts, Journal is not null ? Messages.ResumeFromJournal("FOLDER") : Messages.ResumeFromErrors);

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
            ids = [.. _unsavedIds];
            names = [.. _inFlight.Select(request => Messages.RequestName(request.Name ?? request.Prompt))];
        }
        Report(Messages.NotSaved(ids.Length), ids);
        if (names.Length > 0)
            Warn(Messages.SubmissionsInFlight(names));
    }

    /// <summary>
    /// Messages with the ids and the command that continues. With a journal, one message, because the journal has all ids.
    /// </summary>
    /// <param name="heading">The beginning of the first message.</param>
    /// <param name="ids">The ids of tasks.</param>
    /// <param name="destination">The folder to save to.</param>
    public List<string> Describe(string heading, string[] ids, string destination = "FOLDER")
    {
        if (ids.Length == 0)
            return [];
        if (Journal is { } journal)
        {
            string more = ids.Length > IdsPerMessage ? Messages.MoreInJournal(ids.Length - IdsPerMessage, journal) : "";
            return [$"{heading}: {string.Join(", ", ids.Take(IdsPerMessage))}{more}. {Messages.ResumeFromJournal(destination)}"];
        }
        return [.. Enumerable.Range(0, (ids.Length + IdsPerMessage - 1) / IdsPerMessage).Select(number => Messages.ResumeWithIds(
            number == 0 ? heading : null, destination, ids.Skip(number * IdsPerMessage).Take(IdsPerMessage)))];
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
            if (_lateIds.Count == 0 || (Journal is not null && _inFlight.Count > 0))
                return;
            ids = [.. _lateIds];
            _lateIds.Clear();
        }
        Report(Messages.ArrivedLate(ids.Length), ids);
    }

    private void Report(string heading, string[] ids) => Describe(heading, ids).ForEach(Warn);
}
