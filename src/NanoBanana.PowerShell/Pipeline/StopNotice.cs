using System.Globalization;
using System.Management.Automation.Host;

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

    private readonly HashSet<string> _inHand = new(StringComparer.Ordinal);
    private int _timedOut;

    public void Add(ImageTask task)
    {
        lock (_inHand)
            _inHand.Add(task.Id);
    }

    public void Remove(ImageTask task)
    {
        lock (_inHand)
            _inHand.Remove(task.Id);
    }

    /// <summary>A task did not end in the time given; it is told of at the end, with the others.</summary>
    public void TimedOut(ImageTask task)
    {
        Remove(task);
        Interlocked.Increment(ref _timedOut);
    }

    /// <summary>What to say at the end about tasks that did not end in time; null when there are none.</summary>
    public string? TimeoutLine() => _timedOut == 0
        ? null
        : $"{Count(_timedOut, "task")} did not end in time and {(_timedOut == 1 ? "runs" : "run")} on at the service, paid for. {HowToGoOn([])}";

    /// <param name="unwritten">Tasks that the pipeline had no time to emit.</param>
    public void Say(IEnumerable<ImageTask> unwritten)
    {
        string[] ids;
        lock (_inHand)
            ids = [.. _inHand.Union(unwritten.Where(task => task.Status != ImageTaskStatus.Failed).Select(task => task.Id))];
        if (ids.Length > 0)
            Tell($"{Count(ids.Length, "task")} {(ids.Length == 1 ? "is" : "are")} paid for and not saved. {HowToGoOn(ids)}");
    }

    /// <summary>A submit that was on its way when the command was stopped has been accepted after all.</summary>
    public void SayAccepted(ImageTask task) => Tell($"A submit that was on its way was accepted. {HowToGoOn([task.Id])}");

    private string HowToGoOn(string[] ids)
    {
        if (isJournaled())
            return "To go on: Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination FOLDER";
        string shown = ids.Length == 0 ? "(their ids are in the errors)" : string.Join(", ", ids.Take(IdsShown)) + (ids.Length > IdsShown ? ", …" : "");
        return $"To go on: Save-NanoBananaImage -Destination FOLDER -Id {shown}";
    }

    private static string Count(int count, string what) =>
        string.Format(CultureInfo.InvariantCulture, count == 1 ? "{0} {1}" : "{0} {1}s", count, what);

    private void Tell(string line)
    {
        try
        {
            host.UI?.WriteWarningLine(line);
        }
        catch (Exception)
        {
            // A host that is closing, or that has no screen, must not turn a stop into a crash.
        }
    }
}
