using System.Text.Json;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal.Storage;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>One entry of the journal.</summary>
/// <param name="Task">The task, in its current state.</param>
/// <param name="IsLeased">Whether a process has a valid lease on it.</param>
internal sealed record JournalRow(ImageTask Task, bool IsLeased)
{
    /// <summary>The columns of <see cref="Source"/> that <see cref="Read"/> reads.</summary>
    public const string Columns =
        "task.row, status, owner, @now, created_at, snapshot, protocol, lease.process, lease.expires_at, unsaved, " + Files
        + ", superseded_by";

    /// <summary>
    /// The files of the task as a JSON array. It uses two indexes and no sort, because a list reads it for each entry. A path that a newer
    /// entry was saved to is not included. A file on another machine starts with the name of the machine.
    /// </summary>
    private const string Files = $"""
        (SELECT {JournalSql.JsonArray}(CASE WHEN machine = @machine THEN path ELSE machine || ':' || path END)
        FROM file AS own WHERE own.row = task.row AND saved = 1 AND NOT EXISTS (
            SELECT 1 FROM file AS newer
            WHERE newer.path = own.path AND newer.machine = own.machine AND newer.row > own.row AND newer.saved = 1))
        """;

    /// <summary>The entries with the leases of their owners.</summary>
    public const string Source = "task LEFT JOIN lease ON lease.instance = task.owner";

    /// <summary>The statuses that this version of the module supports.</summary>
    public static readonly IReadOnlyList<ImageTaskStatus> Statuses = [.. Enum.GetValues(typeof(ImageTaskStatus)).Cast<ImageTaskStatus>()];

    /// <summary>Whether a newer entry supersedes it.</summary>
    public bool IsSuperseded { get; private init; }

    /// <summary>Whether an image of a completed task has no file.</summary>
    public bool IsUnsaved { get; private init; }

    private static readonly Dictionary<string, ImageTaskStatus> StatusByName =
        Statuses.ToDictionary(status => status.ToString(), StringComparer.Ordinal);

    /// <summary>
    /// The process that has a lease on the entry, and the expiry of the lease, as part of a message; null without a lease.
    /// </summary>
    public string? LeaseDescription { get; private init; }

    /// <summary>The process that has a lease on the entry; null without a lease.</summary>
    public string? LeaseHolder { get; private init; }

    /// <summary>
    /// When the lease of an intent expired, if its process may still run: it may have sent the request until then. Null for other entries.
    /// </summary>
    public DateTimeOffset? ExpiredAt { get; private init; }

    /// <summary>Reads <see cref="Columns"/>.</summary>
    /// <param name="reader">The rows, at the row to read.</param>
    /// <param name="leases">The leases of this process.</param>
    public static JournalRow Read(IJournalRows reader, Leases leases)
    {
        long now = reader.GetInt64(3);
        ImageTask task = TaskSnapshot.Read(reader.GetString(5)) with
        {
            Status = StatusOf(reader.GetString(1)),
            Protocol = Enum.TryParse(reader.GetString(6), out ApiProtocol protocol) ? protocol : null,
            JournalRow = reader.GetInt64(0),
            SavedTo = reader.IsDBNull(10) ? null : PathsOf(reader.GetString(10)),
        };
        string? owner = reader.GetStringOrNull(2);
        string? process = reader.GetStringOrNull(7);
        long expiresAt = reader.IsDBNull(8) ? 0 : reader.GetInt64(8);
        bool isLeased = leases.IsLeased(owner, process, expiresAt, now, task, reader.GetInt64(0));
        // An intent whose lease has expired: the submission may have left.
        if (task.Status == ImageTaskStatus.Submitting && !isLeased)
            task = task with { Status = ImageTaskStatus.Unknown };
        if (!task.HasEnded)
            task = task with { Elapsed = TimeSpan.FromMilliseconds(Math.Max(0, now - reader.GetInt64(4))) };
        return new JournalRow(task, isLeased)
        {
            LeaseDescription = isLeased ? Describe(owner == leases.Instance, process, expiresAt) : null,
            IsSuperseded = !reader.IsDBNull(11),
            LeaseHolder = isLeased ? NameOf(owner == leases.Instance, process) : null,
            IsUnsaved = reader.GetInt64(9) != 0,
            ExpiredAt = !isLeased && reader.GetString(1) == nameof(ImageTaskStatus.Submitting) && leases.MayBeRunning(owner, process)
                ? DateTimeOffset.FromUnixTimeMilliseconds(expiresAt) : null,
        };
    }

    private static string[]? PathsOf(string json) =>
        json == "[]" ? null : JsonSerializer.Deserialize(json, TaskSnapshotContext.Default.StringArray);

    /// <summary>Reads a status. A name that this version does not support is unknown, because its task may be paid for.</summary>
    public static ImageTaskStatus StatusOf(string name) =>
        StatusByName.TryGetValue(name, out ImageTaskStatus status) ? status : ImageTaskStatus.Unknown;

    private static string NameOf(bool isMine, string? process) =>
        isMine || process is null ? Messages.ThisProcess : ProcessIdentity.DisplayName(process);

    private static string Describe(bool isMine, string? process, long expiresAt) => isMine || process is null
        ? NameOf(isMine, process)
        : Messages.LeaseHolder(NameOf(isMine, process), DateTimeOffset.FromUnixTimeMilliseconds(expiresAt));
}

/// <summary>The file of an image, before or after it is renamed to its final name.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Sha256">The SHA-256 hash of its bytes, as 64 hexadecimal digits.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="HasName">Whether it was renamed to its final name.</param>
/// <param name="Machine">The machine that has the file on its disk; null for this machine.</param>
internal readonly record struct SavedFile(string Path, string Sha256, long Length, bool HasName = false, string? Machine = null);
