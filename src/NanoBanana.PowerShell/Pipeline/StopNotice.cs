using System.Management.Automation.Host;
using NanoBanana.Client.Wire;

namespace NanoBanana.Pipeline;

/// <summary>
/// The paid tasks that a command has in hand, and its submits without an answer. When the command ends before they do, it tells
/// the user how to go on. Best effort: a stopped pipeline can't be written to, and a host need not listen.
/// </summary>
/// <param name="host">Receives the lines.</param>
/// <param name="journalPath">The journal that has the ids, null when there is none; may wait for the disk.</param>
internal sealed class StopNotice(PSHost host, Func<string?> journalPath)
{
    private const int IdsOfLine = 50;

    private readonly object _lock = new();
    private readonly HashSet<string> _inHand = new(StringComparer.Ordinal);
    private readonly HashSet<string> _late = new(StringComparer.Ordinal);
    private readonly List<ImageRequest> _unanswered = [];
    private readonly Lazy<string?> _journal = new(journalPath);
    private int _timedOut;
    private bool _said;

    /// <summary>The journal, once a task was taken in hand.</summary>
    private string? Journal => _journal.IsValueCreated ? _journal.Value : null;

    /// <summary>A submit begins. It is on its way until <see cref="Answered"/>.</summary>
    public void Sending(ImageRequest request)
    {
        lock (_lock)
            _unanswered.Add(request);
    }

    /// <summary>A submit has ended, in any way. When the last one comes after the notice, all late ids are told together.</summary>
    public void Answered(ImageRequest request)
    {
        lock (_lock)
            _unanswered.RemoveAt(_unanswered.FindIndex(one => ReferenceEquals(one, request)));
        TellLate();
    }

    /// <summary>Takes a task in hand.</summary>
    public void Add(ImageTask task)
    {
        // Here, on a thread of the pool: whoever tells must not wait for the disk.
        _ = _journal.Value;
        lock (_lock)
        {
            _inHand.Add(task.Id);
            if (_said)
                _late.Add(task.Id);
        }
        TellLate();
    }

    public void Remove(ImageTask task)
    {
        lock (_lock)
            _inHand.Remove(task.Id);
    }

    /// <summary>A task did not end in the time given.</summary>
    public void TimedOut() => Interlocked.Increment(ref _timedOut);

    /// <summary>The line at the end about tasks that did not end in time; null when there are none.</summary>
    public string? TimeoutLine()
    {
        if (_timedOut == 0)
            return null;
        string how = Journal is not null ? ResumeTo("FOLDER") : "To go on: give the ids in the errors to Save-NanoBananaImage -Id.";
        string run = _timedOut == 1 ? "runs" : "run";
        return $"{Count(_timedOut, "task")} did not end in time and {run} on at the service, paid for. {how}";
    }

    /// <summary>Tells about the tasks in hand and the submits on their way. Once: a stop and the end of the pipeline may meet here.</summary>
    public void Say()
    {
        string[] ids;
        string[] prompts;
        lock (_lock)
        {
            if (_said)
                return;
            _said = true;
            ids = [.. _inHand];
            prompts = [.. _unanswered.Select(request => $"'{TextSafety.Excerpt(request.Name ?? request.Prompt, 40)}'")];
        }
        string are = ids.Length == 1 ? "is" : "are";
        TellIds($"{Count(ids.Length, "task")} {are} paid for and not saved", ids);
        if (prompts.Length == 0)
            return;
        string have = prompts.Length == 1 ? "has" : "have";
        Tell($"{Count(prompts.Length, "submit")} {have} no answer yet and may be paid for: {string.Join(", ", prompts)}. "
            + "Ids are shown when the answers come.");
    }

    /// <summary>Lines with every id. With a journal, those that do not fit in one line stand in the file that the line names.</summary>
    /// <param name="what">The beginning of the first line.</param>
    /// <param name="ids">The ids of tasks.</param>
    /// <param name="destination">The folder to save to.</param>
    public List<string> Lines(string what, string[] ids, string destination = "FOLDER")
    {
        if (ids.Length == 0)
            return [];
        if (Journal is { } journal)
        {
            string more = ids.Length > IdsOfLine ? $" and {ids.Length - IdsOfLine} more, which the journal '{journal}' has" : "";
            return [$"{what}: {string.Join(", ", ids.Take(IdsOfLine))}{more}. {ResumeTo(destination)}"];
        }
        return [.. Enumerable.Range(0, (ids.Length + IdsOfLine - 1) / IdsOfLine).Select(line => (line == 0 ? $"{what}. To go on" : "And")
            + $": Save-NanoBananaImage -Destination {destination} -Id {string.Join(", ", ids.Skip(line * IdsOfLine).Take(IdsOfLine))}")];
    }

    /// <summary>Tells the user something while nothing can be written to the pipeline.</summary>
    public void Tell(string line)
    {
        try
        {
            host.UI?.WriteWarningLine(TextSafety.Clean(line));
        }
        catch (Exception)
        {
            // A host that is closing, or that has no screen, must not turn a stop into a crash.
        }
    }

    /// <summary>With a journal, one line for all late ids. Without one, each id at once: the process may end before the next.</summary>
    private void TellLate()
    {
        string[] ids;
        lock (_lock)
        {
            if (_late.Count == 0 || (Journal is not null && _unanswered.Count > 0))
                return;
            ids = [.. _late];
            _late.Clear();
        }
        TellIds($"{Count(ids.Length, "late answer")} came: paid for and not saved", ids);
    }

    private void TellIds(string what, string[] ids) => Lines(what, ids).ForEach(Tell);

    private static string ResumeTo(string destination) =>
        $"To go on: Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination {destination}";

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
