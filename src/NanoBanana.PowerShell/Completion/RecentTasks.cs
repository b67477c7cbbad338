namespace NanoBanana.Completion;

/// <summary>The tasks that passed through the commands of a runspace: a bounded number, the oldest are removed.</summary>
internal sealed class RecentTasks
{
    private const int Capacity = 100;

    // Null is an id that the service does not know.
    private readonly Dictionary<string, RecentTask?> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>Adds a task, or its newer state. May be called from any thread.</summary>
    public void Add(ImageTask? task)
    {
        if (task is null)
            return;
        lock (_byId)
            Set(task.Id, RecentTask.From(task, _byId.TryGetValue(task.Id, out RecentTask? known) ? known : null));
    }

    /// <summary>The service does not know an id: nobody is offered it until it is seen again.</summary>
    public void Forget(string id)
    {
        lock (_byId)
            Set(id, null);
    }

    /// <summary>Whether the service answered that it does not know an id.</summary>
    public bool IsUnknown(string id)
    {
        lock (_byId)
            return _byId.TryGetValue(id, out RecentTask? known) && known is null;
    }

    /// <summary>In the order in which they were first seen, the last one first.</summary>
    public IReadOnlyList<RecentTask> NewestFirst()
    {
        lock (_byId)
            return [.. _oldestFirst.Reverse().Select(id => _byId[id]).OfType<RecentTask>()];
    }

    private void Set(string id, RecentTask? task)
    {
        bool isKnown = _byId.ContainsKey(id);
        _byId[id] = task;
        if (isKnown)
            return;
        _oldestFirst.Enqueue(id);
        if (_oldestFirst.Count > Capacity)
            _byId.Remove(_oldestFirst.Dequeue());
    }
}

/// <summary>As much of a task as helps to find it again. A task itself may carry images of megabytes.</summary>
internal sealed record RecentTask(string Id, ImageTaskStatus Status, string Prompt, DateTimeOffset? CreatedAt, Uri? Endpoint)
{
    /// <summary>How many tasks of the journal are looked at when somebody presses Tab.</summary>
    public const int Shown = 100;

    private const int LongestPrompt = 40;

    public string Description => $"{Status}{(Age.Length == 0 ? "" : ", " + Age)}{(Prompt.Length == 0 ? "" : ": " + Prompt)}";

    private string Age => CreatedAt is not { } time ? "" : (DateTimeOffset.UtcNow - time) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } age => $"{(int)age.TotalMinutes} min ago",
        { TotalDays: < 1 } age => $"{(int)age.TotalHours} h ago",
        { TotalDays: < 31 } age => $"{(int)age.TotalDays} d ago",
        _ => FormattableString.Invariant($"{time.ToLocalTime():yyyy-MM-dd}"),
    };

    /// <summary>A value in a list, with what tells it from others beside it.</summary>
    public string LabelOf(string value) =>
        string.Join("  ", new[] { value, Age, TextSafety.Excerpt(Prompt, LongestPrompt) }.Where(part => part.Length > 0));

    public static RecentTask From(ImageTask task, RecentTask? known) => new(
        task.Id, task.Status, task.Prompt is null ? known?.Prompt ?? "" : TextSafety.Excerpt(task.Prompt, 120),
        task.CreatedAt ?? known?.CreatedAt, task.Endpoint ?? known?.Endpoint);
}
