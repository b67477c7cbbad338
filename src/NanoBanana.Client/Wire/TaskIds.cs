using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>Checks task ids, and writes them into paths.</summary>
internal static class TaskIds
{
    private const int Longest = 256;

    /// <summary>Whether a user's text looks like an id: one word.</summary>
    public static bool IsUsable(string? id) => IsValidInPath(id) && id!.All(c => c is > ' ' and < (char)127);

    /// <summary>
    /// Whether an id of the service can be used in a path. An id of dots would change the path, and a very long id is not valid in an
    /// address.
    /// </summary>
    public static bool IsValidInPath(string? id) => id is { Length: > 0 and <= Longest } && !id.All(c => c == '.');

    /// <summary>The id as one segment of a path.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the id can't be used in a path.</exception>
    public static string Segment(string id) => IsValidInPath(id)
        ? Uri.EscapeDataString(id)
        : throw new NanoBananaException(
            NanoBananaErrorKind.InvalidRequest,
            Messages.TaskIdUnusable(TextSafety.Excerpt(id)))
        {
            TaskId = id,
        };
}
