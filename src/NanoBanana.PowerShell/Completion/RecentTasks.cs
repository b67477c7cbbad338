namespace NanoBanana.Completion;

/// <summary>The most recent tasks of the commands of a runspace. At a fixed number, the oldest are removed.</summary>
internal sealed class RecentTasks
{
    private const int Capacity = 100;

    // A null value is an id that the service does not have.
    private readonly Dictionary<string, RecentTask?> _byId = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>Adds or updates a task. For any thread.</summary>
    public void Add(ImageTask? task)
    {
        if (task is null)
            return;
        lock (_byId)
            Set(task.Id, RecentTask.From(task, _byId.TryGetValue(task.Id, out RecentTask? known) ? known : null));
    }

    /// <summary>Records that the service does not have an id. It is not offered until a task with this id is added again.</summary>
    public void MarkNotFound(string id)
    {
        lock (_byId)
            Set(id, null);
    }

    /// <summary>Whether the service has answered that it does not have an id.</summary>
    public bool IsNotFound(string id)
    {
        lock (_byId)
            return _byId.TryGetValue(id, out RecentTask? known) && known is null;
    }

    /// <summary>The tasks in the order in which they were first added, the newest first.</summary>
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

/// <summary>The properties of a task for completion. The task itself can contain images of megabytes.</summary>
internal sealed record RecentTask(string Id, ImageTaskStatus Status, string Prompt, DateTimeOffset? CreatedAt, Uri? Endpoint)
{
    /// <summary>The number of tasks of the journal that completion reads.</summary>
    public const int MaximumRead = 100;

    private const int LabelLength = 40;

    public string Description => $"{Status}{(Age.Length == 0 ? "" : ", " + Age)}{(Prompt.Length == 0 ? "" : ": " + Prompt)}";

    private string Age => CreatedAt is not { } time ? "" : (DateTimeOffset.UtcNow - time) switch
    {
        { TotalMinutes: < 1 } => Messages.JustNow,
        { TotalHours: < 1 } age => Messages.MinutesAgo((int)age.TotalMinutes),
        { TotalDays: < 1 } age => Messages.HoursAgo((int)age.TotalHours),
        { TotalDays: < 31 } age => Messages.DaysAgo((int)age.TotalDays),
        _ => FormattableString.Invariant($"{time.ToLocalTime():yyyy-MM-dd}"),
    };

    /// <summary>The label of a value in a list, with age and prompt.</summary>
    public string LabelOf(string value) =>
        string.Join("  ", new[] { value, Age, TextSafety.Excerpt(Prompt, LabelLength) }.Where(part => part.Length > 0));

    public static RecentTask From(ImageTask task, RecentTask? known) => new(
        task.Id, task.Status, task.Prompt is null ? known?.Prompt ?? "" : TextSafety.Excerpt(task.Prompt, 120),
        task.CreatedAt ?? known?.CreatedAt, task.Endpoint ?? known?.Endpoint);
}
