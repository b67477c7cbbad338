using System.Globalization;
using System.Management.Automation.Host;
using NanoBanana.Client;

namespace NanoBanana.Pipeline;

/// <summary>
/// Knows which paid tasks a command has in hand and, when it ends before they do, tells the person at the host how to get
/// at them. Best effort: a stopped pipeline can't be written to, and a host need not listen.
/// </summary>
/// <param name="host">Who is told.</param>
/// <param name="isJournaled">Whether the journal has the ids, so that they need not be copied.</param>
internal sealed class StopNotice(PSHost host, Func<bool> isJournaled)
{
    private const int IdsShown = 50;
    private const string Resume = "To go on: Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination FOLDER";

    private readonly HashSet<string> _inHand = new(StringComparer.Ordinal);
    private int _timedOut;
    private int _toldLate;
    private bool _said;

    /// <summary>Takes a task in hand; one that comes when all has been said is told by itself, and where the journal has it, once for all.</summary>
    public void Add(ImageTask task)
    {
        lock (_inHand)
        {
            _inHand.Add(task.Id);
            if (!_said)
                return;
        }
        bool journaled = isJournaled();
        if (journaled && Interlocked.Exchange(ref _toldLate, 1) == 1)
            return;
        string what = journaled ? "What was on its way has come through: paid for and not saved." : "A task is paid for and not saved: its submit was on its way.";
        Tell($"{what} {HowToGoOn([task.Id])}");
    }

    public void Remove(ImageTask task)
    {
        lock (_inHand)
            _inHand.Remove(task.Id);
    }

    /// <summary>A task did not end in the time given.</summary>
    public void TimedOut() => Interlocked.Increment(ref _timedOut);

    /// <summary>What to say at the end about tasks that did not end in time; null when there are none.</summary>
    public string? TimeoutLine()
    {
        if (_timedOut == 0)
            return null;
        string how = isJournaled() ? Resume : "To go on: give the ids in the errors to Save-NanoBananaImage -Id.";
        return $"{Count(_timedOut)} did not end in time and {(_timedOut == 1 ? "runs" : "run")} on at the service, paid for. {how}";
    }

    /// <summary>Tells of the tasks in hand. Once: a stop and the end of the pipeline that it leads to may meet here.</summary>
    public void Say()
    {
        string[] ids;
        lock (_inHand)
        {
            if (_said)
                return;
            _said = true;
            ids = [.. _inHand];
        }
        if (ids.Length > 0)
            Tell($"{Count(ids.Length)} {(ids.Length == 1 ? "is" : "are")} paid for and not saved. {HowToGoOn(ids)}");
    }

    private string HowToGoOn(string[] ids) => isJournaled()
        ? Resume
        : $"To go on: Save-NanoBananaImage -Destination FOLDER -Id {string.Join(", ", ids.Take(IdsShown))}{(ids.Length > IdsShown ? ", …" : "")}";

    private static string Count(int tasks) => string.Format(CultureInfo.InvariantCulture, tasks == 1 ? "{0} task" : "{0} tasks", tasks);

    private void Tell(string line)
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
}
