using System.Globalization;
using System.Text.Json;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <summary>One entry as it was read.</summary>
/// <param name="Task">The task, in the state that holds now.</param>
/// <param name="IsLeased">Whether a living process works on it.</param>
internal sealed record JournalRow(ImageTask Task, bool IsLeased)
{
    /// <summary>What <see cref="Read"/> reads, from <see cref="Source"/>.</summary>
    public const string Columns =
        "task.row, status, owner, @now, created_at, snapshot, protocol, lease.process, lease.expires_at, unsaved, " + Files + ", superseded_by";

    /// <summary>
    /// The files of the task as a JSON array, by two looks into indexes and without a sort: a list of a million reads it for each. A path
    /// that a newer entry was saved to holds its image now. Of a file on another machine its name comes first.
    /// </summary>
    private const string Files = $"""
        (SELECT {JournalSql.JsonArray}(CASE WHEN machine = @machine THEN path ELSE machine || ':' || path END)
        FROM file AS own WHERE own.row = task.row AND saved = 1 AND NOT EXISTS (
            SELECT 1 FROM file AS newer WHERE newer.path = own.path AND newer.machine = own.machine AND newer.row > own.row AND newer.saved = 1))
        """;

    /// <summary>The entries with the leases of their owners.</summary>
    public const string Source = "task LEFT JOIN lease ON lease.instance = task.owner";

    /// <summary>The statuses that this version has.</summary>
    public static readonly IReadOnlyList<ImageTaskStatus> Statuses = [.. Enum.GetValues(typeof(ImageTaskStatus)).Cast<ImageTaskStatus>()];

    /// <summary>Whether a newer entry has taken its place.</summary>
    public bool IsSuperseded { get; private init; }

    /// <summary>Whether an image of a completed task has no file.</summary>
    public bool IsUnsaved { get; private init; }

    private static readonly Dictionary<string, ImageTaskStatus> StatusByName =
        Statuses.ToDictionary(status => status.ToString(), StringComparer.Ordinal);

    /// <summary>Who works on the entry, and until when its lease is valid, for a message; null when nobody does.</summary>
    public string? Holder { get; private init; }

    /// <summary>Who works on the entry; null when nobody does.</summary>
    public string? HolderName { get; private init; }

    /// <summary>When the lease of an intent expired whose process may still live: until then it may have sent it. Null for any other entry.</summary>
    public DateTimeOffset? ExpiredAt { get; private init; }

    /// <summary>Reads <see cref="Columns"/>.</summary>
    /// <param name="reader">At a row.</param>
    /// <param name="leases">Those of this process.</param>
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
        string? owner = reader.IsDBNull(2) ? null : reader.GetString(2);
        string? process = reader.IsDBNull(7) ? null : reader.GetString(7);
        long expiresAt = reader.IsDBNull(8) ? 0 : reader.GetInt64(8);
        bool isLeased = leases.IsLeased(owner, process, expiresAt, now, task, reader.GetInt64(0));
        // An intent whose lease has expired: whether the submit left, nobody knows.
        if (task.Status == ImageTaskStatus.Submitting && !isLeased)
            task = task with { Status = ImageTaskStatus.Unknown };
        if (!task.HasEnded)
            task = task with { Elapsed = TimeSpan.FromMilliseconds(Math.Max(0, now - reader.GetInt64(4))) };
        return new JournalRow(task, isLeased)
        {
            Holder = isLeased ? Describe(owner == leases.Instance, process, expiresAt) : null,
            IsSuperseded = !reader.IsDBNull(11),
            HolderName = isLeased ? NameOf(owner == leases.Instance, process) : null,
            IsUnsaved = reader.GetInt64(9) != 0,
            ExpiredAt = !isLeased && reader.GetString(1) == nameof(ImageTaskStatus.Submitting) && leases.MayLive(owner, process)
                ? DateTimeOffset.FromUnixTimeMilliseconds(expiresAt) : null,
        };
    }

    private static string[]? PathsOf(string json) =>
        json == "[]" ? null : JsonSerializer.Deserialize(json, TaskSnapshotContext.Default.StringArray);

    /// <summary>A name that this version does not have is of a task that may have been paid for.</summary>
    public static ImageTaskStatus StatusOf(string name) => StatusByName.TryGetValue(name, out ImageTaskStatus status) ? status : ImageTaskStatus.Unknown;

    private static string NameOf(bool isMine, string? process) => isMine || process is null ? "this process" : ProcessIdentity.Show(process);

    private static string Describe(bool isMine, string? process, long expiresAt) => isMine || process is null
        ? NameOf(isMine, process)
        : $"{NameOf(isMine, process)} (its lease is valid until {DateTimeOffset.FromUnixTimeMilliseconds(expiresAt).ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} and is renewed while it works)";
}

/// <summary>A file that an image went to, or is about to go to.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Sha256">The hash of its bytes, 64 hexadecimal digits.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="HasName">Whether it had its name already, and is not just about to get it.</param>
/// <param name="Machine">The machine on whose disk it is; null for this one.</param>
internal readonly record struct SavedFile(string Path, string Sha256, long Length, bool HasName = false, string? Machine = null);
