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

    /// <param name="unwritten">Tasks that the pipeline had no time to emit.</param>
    public void Say(IEnumerable<ImageTask> unwritten)
    {
        string[] ids;
        lock (_inHand)
            ids = [.. _inHand.Union(unwritten.Select(task => task.Id))];
        if (ids.Length == 0)
            return;
        string shown = string.Join(", ", ids.Take(IdsShown)) + (ids.Length > IdsShown ? ", …" : "");
        string count = ids.Length == 1 ? "1 task is" : string.Format(CultureInfo.InvariantCulture, "{0} tasks are", ids.Length);
        Tell($"{count} paid for and not saved. To go on: Save-NanoBananaImage -Destination . -Id {shown}");
    }

    /// <summary>A submit that was on its way when the command was stopped has been accepted after all.</summary>
    public void SayAccepted(ImageTask task) =>
        Tell($"A submit that was on its way was accepted. To go on: Save-NanoBananaImage -Destination . -Id {task.Id}");

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
