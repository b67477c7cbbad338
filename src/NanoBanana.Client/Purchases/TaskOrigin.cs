using NanoBanana.Client.Http;

namespace NanoBanana.Client.Purchases;

/// <summary>
/// A task is asked about only where it was made, and in the dialect that made it: its id means nothing elsewhere, and the
/// key is for its own host.
/// </summary>
internal static class TaskOrigin
{
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it was made elsewhere.</exception>
    public static void Check(ImageTask task, ApiOptions options)
    {
        if (task.Endpoint is not null && !KnownEndpoints.IsSame(task.Endpoint, options.Endpoint))
            throw Elsewhere(task, $"was made at {task.Endpoint} and this connection leads to {options.Endpoint}. Connect there");
        if (task.Protocol is { } protocol && protocol != options.Protocol)
            throw Elsewhere(task, $"was made under the protocol {protocol} and this connection speaks {options.Protocol}. Connect with -Protocol {protocol}");
    }

    private static NanoBananaException Elsewhere(ImageTask task, string where) =>
        new(NanoBananaErrorKind.InvalidRequest, $"Task {task.Id} {where}, or give that connection with -Connection.") { TaskId = task.Id, Task = task };
}
