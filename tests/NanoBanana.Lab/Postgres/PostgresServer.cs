using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Lab.Postgres;

/// <summary>
/// A PostgreSQL server in a temporary folder, at a free TCP port and at a Unix socket in this folder. It is removed when it is disposed
/// or when this process ends in any way: a shell waits for the end of a pipe that only this process has open.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    /// <summary>The superuser. It needs no password.</summary>
    public const string User = "nanobanana";

    /// <summary>A user that needs <see cref="GuardedPassword"/> over TCP.</summary>
    public const string GuardedUser = "guarded";

    /// <summary>The password of <see cref="GuardedUser"/>.</summary>
    public const string GuardedPassword = "a guarded:pass/word@0815";

    private const string Database = "postgres";

    /// <summary>Stops all servers of the folder without output, and removes the folder.</summary>
    private const string Watch = """
        trap '' HUP INT TERM
        exec >/dev/null 2>&1
        read -r _
        for data in "$1"/*/; do
            [ ! -f "$data/postmaster.pid" ] || "$2" -D "$data" -m immediate -s stop
        done
        rm -rf "$1"
        """;

    private readonly PostgresPrograms _programs;
    private readonly PostgresOptions _options;
    private readonly Process? _watch;
    private readonly string _data;

    private PostgresServer(PostgresPrograms programs, PostgresOptions options)
    {
        (_programs, _options) = (programs, options);
        // The path is short enough for a socket, and any user can use the folder.
        Folder = programs.Run("mktemp", "-d", "/tmp/nanobanana-postgres-XXXXXX").Trim();
        _watch = StartWatch();
        _data = Path.Combine(Folder, "primary");
    }

    private PostgresServer(PostgresServer primary, string name) =>
        (_programs, _options, Folder, _data) = (primary._programs, primary._options, primary.Folder, Path.Combine(primary.Folder, name));

    /// <summary>The folder of the data and the sockets.</summary>
    public string Folder { get; }

    /// <summary>The TCP port, and the number of the socket.</summary>
    public int Port { get; private set; }

    /// <summary>What the server logged.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(Folder, Path.GetFileName(_data) + ".log");

    /// <summary>The process that stops the server and removes the folder. It runs until after the end of this process.</summary>
    internal int WatchId => _watch!.Id;

    /// <summary>Starts a server.</summary>
    /// <param name="reason">A sentence with the reason for null.</param>
    /// <param name="options">Its settings.</param>
    /// <returns>Null if PostgreSQL is not installed.</returns>
    /// <exception cref="LabException">It is installed but does not start.</exception>
    public static PostgresServer? TryStart(out string reason, PostgresOptions? options = null)
    {
        if (PostgresPrograms.TryFind(out reason) is not { } programs)
            return null;
        var server = new PostgresServer(programs, options ?? new PostgresOptions());
        try
        {
            server.Create();
            return server;
        }
        catch (LabException)
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The address of a schema as a journal.</summary>
    /// <param name="schema">The schema. It is not required to exist.</param>
    /// <param name="user">The user of the connection.</param>
    /// <param name="standby">A second server to try. The client uses the one that accepts writes.</param>
    /// <param name="host">The address of the server.</param>
    public string Url(string schema, string user = User, PostgresServer? standby = null, string host = "127.0.0.1") => standby is null
        ? $"postgresql://{user}@{host}:{Port}/{Database}?schema={schema}"
        : $"postgresql://{user}@{host}:{Port},{host}:{standby.Port}/{Database}?schema={schema}&target_session_attrs=read-write";

    /// <summary>Runs SQL with psql.</summary>
    /// <returns>A line for each row, with tabs between the columns.</returns>
    public IReadOnlyList<string> Execute(string sql) => _programs.Run(
        "psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", Folder, "-p", Number(Port), "-U", User, "-d", Database,
        "-c", sql).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Restarts it at the same port.</summary>
    /// <param name="immediate">
    /// Whether to restart as after a crash: connections break immediately, and the server recovers from its log.
    /// </param>
    public void Restart(bool immediate = false)
    {
        Stop(immediate);
        Start();
    }

    /// <summary>Stops it and keeps its data.</summary>
    /// <param name="immediate">Whether to stop as in a crash.</param>
    public void Stop(bool immediate = false) => Control("stop", "-m", immediate ? "immediate" : "fast");

    /// <summary>Starts it again after <see cref="Stop"/>.</summary>
    public void Start() => Control("start", "-l", LogFile);

    /// <summary>Starts a synchronous standby. From now on, a commit waits until the standby has it, too.</summary>
    /// <param name="inPlaceOf">A stopped server that the standby replaces. The standby uses its port.</param>
    /// <returns>The standby. <see cref="Promote"/> makes it the primary. It is removed with the first server.</returns>
    public PostgresServer StartStandby(PostgresServer? inPlaceOf = null)
    {
        var standby = new PostgresServer(this, inPlaceOf is null ? "standby" : Path.GetFileName(inPlaceOf._data));
        _programs.Run("rm", "-rf", standby._data);
        string connection = $"host={Folder} port={Port} user={User} application_name=standby";
        _programs.Run("pg_basebackup", "-D", standby._data, "-R", "--no-sync", "-c", "fast", "-d", connection);
        standby.StartAt(inPlaceOf?.Port);
        Execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        Execute("SELECT pg_reload_conf()");
        var waited = Stopwatch.StartNew();
        while (Execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").Count == 0)
        {
            if (waited.Elapsed > PostgresPrograms.Limit)
                throw new LabException($"The standby does not receive commits: {standby.Log}");
            Thread.Sleep(20);
        }
        return standby;
    }

    /// <summary>Makes a standby the primary. The old primary must be stopped.</summary>
    public void Promote() => Control("promote");

    public void Dispose()
    {
        // A standby has no such process. It ends with the primary.
        if (_watch is null)
            return;
        _watch.StandardInput.Close();
        _watch.WaitForExit();
        _watch.Dispose();
    }

    private void Create()
    {
        string[] initialize = ["-D", _data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
        try
        {
            // Text is sorted by language, as in databases in the cloud. SQL that relies on the order of bytes fails.
            _programs.Run("initdb", [.. initialize, "--locale-provider=icu", "--icu-locale=en-US"]);
        }
        catch (LabException)
        {
            // Versions before 15, and builds without ICU.
            _programs.Run("initdb", initialize);
        }
        File.AppendAllText(Path.Combine(_data, "postgresql.conf"), $"""

            listen_addresses = '{_options.ListenAddresses}'
            unix_socket_directories = '{Folder}'
            max_connections = 200
            shared_buffers = 32MB
            wal_retrieve_retry_interval = 100ms
            fsync = {OnOff(_options.Fsync)}
            synchronous_commit = {OnOff(_options.SynchronousCommit)}
            """);
        File.WriteAllText(Path.Combine(_data, "pg_hba.conf"), $"""
            local all all trust
            host all {GuardedUser} all scram-sha-256
            local replication all trust
            host all all samenet trust
            """ + "\n");
        StartAt(null);
        Execute($"CREATE ROLE {GuardedUser} LOGIN PASSWORD '{GuardedPassword}'; GRANT CREATE ON DATABASE {Database} TO {GuardedUser}");
    }

    /// <param name="port">The port; null for a free one.</param>
    private void StartAt(int? port)
    {
        for (int left = 3; ; left--)
        {
            Port = port ?? FreePort();
            File.AppendAllText(Path.Combine(_data, "postgresql.conf"), $"\nport = {Port}\n");
            try
            {
                Start();
                return;
            }
            catch (LabException) when (left > 0 && port is null)
            {
                // Another process uses this port now.
            }
        }
    }

    private void Control(string action, params string[] arguments) =>
        _programs.Run("pg_ctl", [action, "-D", _data, "-w", "-s", .. arguments]);

    private Process StartWatch()
    {
        // In another session, so that a signal to the group of this process does not end it.
        string[] command = ["sh", "-c", Watch, "sh", Folder, _programs.PathOf("pg_ctl")];
        ProcessStartInfo start = OperatingSystem.IsLinux()
            ? _programs.StartInfo("setsid", command)
            : _programs.StartInfo(command[0], command[1..]);
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string OnOff(bool on) => on ? "on" : "off";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
