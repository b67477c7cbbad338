using System.Globalization;
using System.Management.Automation.Host;

namespace NanoBanana.Pipeline;

/// <summary>
/// Knows which paid tasks a command has in hand and, when it is stopped, tells the person at the host how to get at
/// them. Best effort: a stopped pipeline can't be written to, and a host need not listen.
/// </summary>
internal sealed class StopNotice(PSHost host)
{
    private const int IdsShown = 50;

    private readonly HashSet<string> _inHand = new(StringComparer.Ordinal);
    private bool _said;

    /// <summary>Takes a task in hand; one that comes when all has been said is told by itself.</summary>
    public void Add(ImageTask task)
    {
        lock (_inHand)
        {
            _inHand.Add(task.Id);
            if (!_said)
                return;
        }
        Tell($"A task is paid for and not saved: its submit was on its way. To go on: Save-NanoBananaImage -Destination . -Id {task.Id}");
    }

    public void Remove(ImageTask task)
    {
        lock (_inHand)
            _inHand.Remove(task.Id);
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
        if (ids.Length == 0)
            return;
        string shown = string.Join(", ", ids.Take(IdsShown)) + (ids.Length > IdsShown ? ", …" : "");
        string count = ids.Length == 1 ? "1 task is" : string.Format(CultureInfo.InvariantCulture, "{0} tasks are", ids.Length);
        Tell($"{count} paid for and not saved. To go on: Save-NanoBananaImage -Destination . -Id {shown}");
    }

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
