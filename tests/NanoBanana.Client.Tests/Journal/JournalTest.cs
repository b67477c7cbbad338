using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>
/// Base class with a folder, a journal in it and a separate connection to the store. Classes that are not sealed test all stores
/// with SQL that every store supports. For the second store, a class derives from each and overrides <see cref="JournalPath"/>
/// and <see cref="ConnectToStore"/>.
/// </summary>
public abstract class JournalTest : IDisposable
{
    /// <summary>The instance id that <see cref="LeaseTo"/> uses.</summary>
    private protected const string OtherInstance = "another-instance";

    protected const string Key = "secret-key-of-the-journal-tests-51c9";

    private protected static readonly Uri Endpoint = new("https://api.example/");
    private readonly List<IDisposable> _open = [];

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("nanobanana-").FullName;

    /// <summary>The path or address of the journal.</summary>
    private protected virtual string JournalPath => Path.Combine(Folder, "data", "journal.db");

    /// <summary>Another name of the same journal. Opening it creates another handle, like in another process.</summary>
    private protected virtual string SamePlace => Path.Combine(Folder, "data", ".", "journal.db");

    /// <summary>How long a journal waits for the commit of another process. It is short because tests lock the file.</summary>
    private protected virtual TimeSpan StoreTimeout => TimeSpan.FromMilliseconds(50);

    private protected RecordingObserver Observer { get; } = new();

    public void Dispose()
    {
        _open.ForEach(item => item.Dispose());
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected T Opened<T>(T item)
        where T : IDisposable
    {
        lock (_open)
            _open.Add(item);
        return item;
    }

    private protected TaskJournal Open(TimeProvider? time = null, string? path = null) =>
        Opened(TaskJournal.Open(path ?? JournalPath, time ?? TimeProvider.System, StoreTimeout));

    private protected JournalHandle Handle(string? path = null, TimeProvider? time = null) =>
        JournalHandle.At(path ?? JournalPath, time ?? TimeProvider.System, StoreTimeout);

    private protected EmulatorServer StartEmulator() => Opened(EmulatorServer.Start(new EmulatorOptions { ApiKey = Key, TimeScale = 0 }));

    /// <summary>Creates a client of the emulator with a journal.</summary>
    private protected NanoBananaClient ClientOf(EmulatorServer emulator, JournalHandle? handle = null) => Client(new NanoBananaClientOptions
    {
        ApiKey = new ApiKey(Key),
        Endpoint = emulator.Endpoint,
        Journal = () => handle ?? Handle(),
    });

    /// <summary>Creates a client with a fake network.</summary>
    private protected NanoBananaClient ClientOf(ScriptedHandler api, JournalHandle? handle = null, Uri? endpoint = null) =>
        Client(new NanoBananaClientOptions
    {
        ApiKey = new ApiKey(Key),
        Endpoint = endpoint ?? Endpoint,
        ApiHandler = api,
        Journal = () => handle ?? Handle(),
        MaximumRetryCount = 0,
    });

    private protected NanoBananaClient Client(NanoBananaClientOptions options) => Opened(new NanoBananaClient(options));

    private protected Task<ImageTask> SubmitAsync(NanoBananaClient client, ImageRequest request, CancellationToken stop = default) =>
        client.SubmitAsync(request, Observer, stop).WaitAsync(TestTimeout.Limit, CancellationToken.None);

    private protected static ImageRequest Request(
        string prompt = "a red fox", string? batch = null, string? name = null, int ordinal = 0) =>
        new() { Prompt = prompt, Batch = batch, Name = name, Ordinal = ordinal };

    private protected static ImageTask Accepted(ImageRequest request, string id, Uri? endpoint = null) =>
        request.ToTask(id, ImageTaskStatus.Running, endpoint ?? Endpoint) with { CreatedAt = DateTimeOffset.UnixEpoch };

    private protected static ImageTask Completed(ImageTask task, int images = 1) => task with
    {
        Status = ImageTaskStatus.Completed,
        Image = [.. Enumerable.Range(0, images).Select(i => new ImageOutput { Url = new Uri($"https://files.example/{task.Id}/{i}.png") })],
    };

    /// <summary>Accepts a task without a network.</summary>
    private protected static async Task<ImageTask> AcceptTaskAsync(TaskJournal journal, ImageRequest request, string id)
    {
        (long? row, _) = await journal.ClaimAsync(request, Endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        ImageTask task = Accepted(request, id);
        await AcceptAsync(journal, row, task);
        return task;
    }

    /// <summary>Accepts a task and releases it.</summary>
    private protected static async Task AcceptAsync(TaskJournal journal, long? row, ImageTask task)
    {
        Task accepted = journal.AcceptAsync(row!.Value, task, ApiProtocol.Generation, out Lease lease);
        lease.Dispose();
        await accepted.WaitAsync(TestTimeout.Limit);
        await journal.FlushAsync().WaitAsync(TestTimeout.Limit);
    }

    /// <summary>Leases all entries to another process.</summary>
    /// <param name="process">One of <see cref="TestProcesses"/>.</param>
    /// <param name="expiresAt">When the lease expires. If null, in an hour.</param>
    private protected void LeaseTo(string process, DateTimeOffset? expiresAt = null)
    {
        long expires = (expiresAt ?? DateTimeOffset.UtcNow.AddHours(1)).ToUnixTimeMilliseconds();
        Execute($"DELETE FROM lease WHERE instance = '{OtherInstance}'; UPDATE task SET owner = '{OtherInstance}'");
        Execute(FormattableString.Invariant($"INSERT INTO lease VALUES ('{OtherInstance}', '{process}', {expires})"));
    }

    /// <summary>The rows in the store, read with a separate connection: values joined by a bar, and 1 for true.</summary>
    private protected IReadOnlyList<string> Rows(string sql)
    {
        using DbConnection connection = ConnectToStore();
        return Rows(connection, sql);
    }

    private protected static IReadOnlyList<string> Rows(DbConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using DbDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))));
        return rows;

        static string? Text(object value) => Convert.ToString(value is bool isTrue ? isTrue ? 1 : 0 : value, CultureInfo.InvariantCulture);
    }

    private protected void Execute(string sql)
    {
        using DbConnection connection = ConnectToStore();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>An open connection to the store of the journal.</summary>
    private protected virtual DbConnection ConnectToStore() => Connect();

    private protected SqliteConnection Connect(string? path = null)
    {
        var connection = new SqliteConnection($"Data Source={path ?? JournalPath};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>All bytes that the journal stores.</summary>
    private protected virtual byte[] AllBytes() =>
        [.. Directory.GetFiles(Path.GetDirectoryName(JournalPath)!).Order(StringComparer.Ordinal).SelectMany(ReadShared)];

    private protected static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
