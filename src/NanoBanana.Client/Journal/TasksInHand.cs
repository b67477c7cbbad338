using System.Collections.Concurrent;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Journal;

/// <summary>
/// The tasks of one journal that this process works on, counted: several stages and runspaces may have one in hand at
/// the same time. What other processes see of it is the row's owner.
/// </summary>
internal sealed class TasksInHand
{
    private static readonly ConcurrentDictionary<string, TasksInHand> ByPath = new(StringComparer.Ordinal);

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    private TasksInHand()
    {
    }

    /// <summary>Those of the file; of the whole process, however often the file is open.</summary>
    public static TasksInHand Of(string path) => ByPath.GetOrAdd(path, _ => new TasksInHand());

    public bool Has(ImageTask task)
    {
        lock (_counts)
            return _counts.ContainsKey(Key(task));
    }

    /// <returns>Whether it is the first to take it.</returns>
    public bool Take(ImageTask task)
    {
        lock (_counts)
        {
            _counts.TryGetValue(Key(task), out int count);
            _counts[Key(task)] = count + 1;
            return count == 0;
        }
    }

    /// <returns>Whether it was the last to have it.</returns>
    public bool Drop(ImageTask task)
    {
        lock (_counts)
        {
            int left = _counts[Key(task)] - 1;
            if (left > 0)
                _counts[Key(task)] = left;
            else
                _counts.Remove(Key(task));
            return left == 0;
        }
    }

    private static string Key(ImageTask task) => $"{(task.Endpoint is null ? null : KnownEndpoints.CanonicalOf(task.Endpoint))} {task.Id}";
}
