using NanoBanana.Lab.Postgres;

namespace NanoBanana.Lab.Machines;

/// <summary>The database of all machines: a primary, and a standby that has each commit before it is answered.</summary>
internal sealed class Database : IDisposable
{
    private readonly PostgresServer _first;
    private readonly PostgresServer _second;
    private PostgresServer _primary;
    private PostgresServer _standby;

    private Database(PostgresServer server)
    {
        _first = _primary = server;
        _second = _standby = server.StartStandby();
    }

    /// <summary>What went wrong while a fault lasted, for the one who has to find out why.</summary>
    public string Log => $"{_first.Log}\n{_second.Log}";

    public static Database? TryStart(out string why) =>
        PostgresServer.TryStart(out why, new PostgresOptions { ListenAddresses = $"127.0.0.1,{MachineNetwork.DatabaseHost}" }) is { } server
            ? new Database(server)
            : null;

    /// <summary>The address of a journal, which stays the same in a fail-over.</summary>
    public string Url(string schema) => _first.Url(schema, standby: _second, host: MachineNetwork.DatabaseHost);

    /// <summary>Runs SQL at the primary.</summary>
    public IReadOnlyList<string> Execute(string sql) => _primary.Execute(sql);

    /// <summary>The primary crashes and recovers.</summary>
    public void Restart() => _primary.Restart(immediate: true);

    /// <summary>The primary crashes and its standby takes its place.</summary>
    public void FailOver()
    {
        _primary.Stop(immediate: true);
        _standby.Promote();
        (_primary, _standby) = (_standby, _primary);
    }

    /// <summary>After a fail-over: the old primary begins again as a standby.</summary>
    public void Follow() => _standby = _primary.StartStandby(inPlaceOf: _standby);

    public void Dispose() => _first.Dispose();
}
