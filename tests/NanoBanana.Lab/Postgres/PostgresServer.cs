using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NanoBanana.Lab.Postgres;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder, at a free TCP port and at a Unix socket in that folder. It is gone
/// when it is disposed and when this process ends in any way: a shell waits for the end of a pipe that only this process holds.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    /// <summary>The superuser, who needs no password.</summary>
    public const string User = "nanobanana";

    /// <summary>A user who needs <see cref="GuardedPassword"/> over TCP.</summary>
    public const string GuardedUser = "guarded";

    /// <summary>The password of <see cref="GuardedUser"/>.</summary>
    public const string GuardedPassword = "a guarded:pass/word@0815";

    private const string Database = "postgres";

    /// <summary>Stops whatever server runs in the folder, without a word more, and removes the folder.</summary>
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
        // Its own name is short enough for a socket, and any user may enter it.
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

    /// <summary>The process that stops the server and removes the folder, which outlives this one.</summary>
    internal int WatchId => _watch!.Id;

    /// <summary>Starts a server.</summary>
    /// <param name="why">A sentence that says why there is none.</param>
    /// <param name="options">How it is set up.</param>
    /// <returns>Null where PostgreSQL is not installed.</returns>
    /// <exception cref="LabException">It is installed and does not start.</exception>
    public static PostgresServer? TryStart(out string why, PostgresOptions? options = null)
    {
        if (PostgresPrograms.TryFind(out why) is not { } programs)
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
    /// <param name="schema">The schema, which need not exist.</param>
    /// <param name="user">Who connects.</param>
    /// <param name="standby">A second server to try; the one that can be written to is used.</param>
    /// <param name="host">The address by which the server is reached.</param>
    public string Url(string schema, string user = User, PostgresServer? standby = null, string host = "127.0.0.1") => standby is null
        ? $"postgresql://{user}@{host}:{Port}/{Database}?schema={schema}"
        : $"postgresql://{user}@{host}:{Port},{host}:{standby.Port}/{Database}?schema={schema}&target_session_attrs=read-write";

    /// <summary>Runs SQL with psql.</summary>
    /// <returns>A line for each row, with tabs between the columns.</returns>
    public IReadOnlyList<string> Execute(string sql) => _programs.Run(
        "psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", Folder, "-p", Number(Port), "-U", User, "-d", Database,
        "-c", sql).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Restarts it at the same port.</summary>
    /// <param name="immediate">As after a crash: connections break at once, and it recovers from its log.</param>
    public void Restart(bool immediate = false)
    {
        Stop(immediate);
        Start();
    }

    /// <summary>Stops it; its data stay.</summary>
    /// <param name="immediate">As in a crash.</param>
    public void Stop(bool immediate = false) => Control("stop", "-m", immediate ? "immediate" : "fast");

    /// <summary>Starts it again after <see cref="Stop"/>.</summary>
    public void Start() => Control("start", "-l", LogFile);

    /// <summary>Starts a second server that follows this one. From here on, a commit waits until the standby has it too.</summary>
    /// <param name="inPlaceOf">A server that was stopped and is not needed any more, whose port the standby takes.</param>
    /// <returns>The standby, which <see cref="Promote"/> makes the primary. It is gone with the first server.</returns>
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
                throw new LabException($"The standby does not follow: {standby.Log}");
            Thread.Sleep(20);
        }
        return standby;
    }

    /// <summary>Makes a standby take writes. The old primary must not run any more.</summary>
    public void Promote() => Control("promote");

    public void Dispose()
    {
        // The standby has none: it ends with the primary.
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
            // Text is sorted as people sort it, which is what databases in the cloud do: SQL that relies on the order of bytes fails here.
            _programs.Run("initdb", [.. initialize, "--locale-provider=icu", "--icu-locale=en-US"]);
        }
        catch (LabException)
        {
            // Before version 15, and where it was built without ICU.
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

    /// <param name="port">Null for any that is free.</param>
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
                // Another process took the port in between.
            }
        }
    }

    private void Control(string action, params string[] arguments) =>
        _programs.Run("pg_ctl", [action, "-D", _data, "-w", "-s", .. arguments]);

    private Process StartWatch()
    {
        // Out of reach of a signal to the group of this process.
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
