namespace NanoBanana.Completion;

/// <summary>The tasks that passed through the commands of a runspace: a bounded number, the oldest are removed.</summary>
internal sealed class RecentTasks
{
    private const int Capacity = 100;

    private readonly Dictionary<string, RecentTask> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>Adds a task, or its newer state. May be called from any thread.</summary>
    public void Add(ImageTask? task)
    {
        if (task is null)
            return;
        lock (_byId)
        {
            bool isKnown = _byId.TryGetValue(task.Id, out RecentTask? known);
            _byId[task.Id] = RecentTask.From(task, known);
            if (isKnown)
                return;
            _oldestFirst.Enqueue(task.Id);
            if (_oldestFirst.Count > Capacity)
                _byId.Remove(_oldestFirst.Dequeue());
        }
    }

    /// <summary>In the order in which they were first seen, the last one first.</summary>
    public IReadOnlyList<RecentTask> NewestFirst()
    {
        lock (_byId)
            return [.. _oldestFirst.Reverse().Select(id => _byId[id])];
    }
}

/// <summary>As much of a task as helps to find it again. A task itself may carry images of megabytes.</summary>
internal sealed record RecentTask(string Id, ImageTaskStatus Status, string Prompt)
{
    public string Description => Prompt.Length == 0 ? Status.ToString() : $"{Status}: {Prompt}";

    public static RecentTask From(ImageTask task, RecentTask? known) =>
        new(task.Id, task.Status, task.Prompt is null ? known?.Prompt ?? "" : TextSafety.Excerpt(task.Prompt, 120));
}
