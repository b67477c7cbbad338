using NanoBanana.Client;

namespace NanoBanana.Completion;

/// <summary>As much of a task as helps to find it again. A task itself may carry pictures of megabytes.</summary>
internal sealed record RecentTask(string Id, ImageTaskStatus Status, string Prompt)
{
    public string Description => Prompt.Length == 0 ? Status.ToString() : $"{Status}: {Prompt}";

    public static RecentTask From(ImageTask task, RecentTask? known) =>
        new(task.Id, task.Status, task.Prompt is null ? known?.Prompt ?? "" : TextSafety.Excerpt(task.Prompt, 120));
}
