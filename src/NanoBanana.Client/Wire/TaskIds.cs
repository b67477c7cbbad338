namespace NanoBanana.Client.Wire;

/// <summary>What can be a task's id, and how it stands in a path.</summary>
internal static class TaskIds
{
    private const int Longest = 256;

    /// <summary>Whether a text that a person typed looks like an id: one word.</summary>
    public static bool IsUsable(string? id) => CanBeAsked(id) && id!.All(c => c is > ' ' and < (char)127);

    /// <summary>
    /// Whether an id of the service can be asked for. An id of dots would lead to another path, and one without end to no
    /// address at all.
    /// </summary>
    public static bool CanBeAsked(string? id) => id is { Length: > 0 and <= Longest } && !id.All(c => c == '.');

    /// <summary>The id as one segment of a path.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it can't be asked for.</exception>
    public static string Segment(string id) => CanBeAsked(id)
        ? Uri.EscapeDataString(id)
        : throw new NanoBananaException(
            NanoBananaErrorKind.InvalidRequest,
            $"The service accepted the request under an id that can't be asked for, '{TextSafety.Excerpt(id)}'. The task is paid for: find its image in your account at the provider.")
        {
            TaskId = id,
        };
}
