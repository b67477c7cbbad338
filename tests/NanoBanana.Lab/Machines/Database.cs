using NanoBanana.Lab.Postgres;

namespace NanoBanana.Lab.Machines;

/// <summary>The database of all machines: a primary and a synchronous standby.</summary>
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

    /// <summary>The logs of both servers, to analyze a broken promise.</summary>
    public string Log => $"{_first.Log}\n{_second.Log}";

    /// <param name="reason">A sentence with the reason for null.</param>
    public static Database? TryStart(out string reason)
    {
        var options = new PostgresOptions { ListenAddresses = $"127.0.0.1,{MachineNetwork.DatabaseHost}" };
        return PostgresServer.TryStart(out reason, options) is { } server ? new Database(server) : null;
    }

    /// <summary>The address of a journal. It stays the same after a fail-over.</summary>
    public string Url(string schema) => _first.Url(schema, standby: _second, host: MachineNetwork.DatabaseHost);

    /// <summary>Runs SQL at the primary.</summary>
    public IReadOnlyList<string> Execute(string sql) => _primary.Execute(sql);

    /// <summary>Crashes the primary, which then recovers.</summary>
    public void Restart() => _primary.Restart(immediate: true);

    /// <summary>Crashes the primary and promotes the standby.</summary>
    public void FailOver()
    {
        _primary.Stop(immediate: true);
        _standby.Promote();
        (_primary, _standby) = (_standby, _primary);
    }

    /// <summary>Restarts the old primary as the standby, after a fail-over.</summary>
    public void Follow() => _standby = _primary.StartStandby(inPlaceOf: _standby);

    public void Dispose() => _first.Dispose();
}
