namespace NanoBanana.Client.Wire;

/// <summary>
/// What can be a task's id: one word that stands in a path as one segment. An id of dots would lead to another path, and one
/// without end to no address at all.
/// </summary>
internal static class TaskIds
{
    private const int Longest = 256;

    public static bool IsUsable(string? id) =>
        id is { Length: > 0 and <= Longest } && !id.All(c => c == '.') && id.All(c => c is > ' ' and < (char)127);
}
