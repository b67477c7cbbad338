using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NanoBanana.Lab;
using NanoBanana.Lab.Postgres;

namespace NanoBanana.Client.Tests.Lab;

/// <summary>The PostgreSQL server for other tests.</summary>
public sealed class PostgresServerTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    [PostgresFact]
    public void Commits_survive_an_immediate_restart()
    {
        using PostgresServer server = Start();
        server.Execute("CREATE TABLE kept AS SELECT 'a' AS name, 1 AS number");

        server.Restart(immediate: true);

        Assert.Equal("a\t1", Assert.Single(server.Execute("SELECT * FROM kept")));
        Assert.Equal("on", Assert.Single(server.Execute("SHOW fsync")));
        Assert.Equal("on", Assert.Single(server.Execute("SHOW synchronous_commit")));
    }

    [PostgresFact]
    public void A_promoted_standby_has_what_the_primary_had_committed()
    {
        using PostgresServer server = Start();
        PostgresServer standby = server.StartStandby();
        server.Execute("CREATE TABLE kept AS SELECT 1 AS number");
        server.Stop(immediate: true);

        standby.Promote();
        standby.Execute("INSERT INTO kept VALUES (2)");

        Assert.Equal(["1", "2"], standby.Execute("SELECT number FROM kept ORDER BY number"));
        Assert.Equal(
            $"postgresql://{PostgresServer.User}@127.0.0.1:{server.Port},127.0.0.1:{standby.Port}/postgres"
                + "?schema=one&target_session_attrs=read-write",
            server.Url("one", standby: standby));
    }

    [PostgresFact]
    public async Task A_disposed_server_no_longer_listens_and_leaves_no_folder()
    {
        PostgresServer server = Start();
        using (var client = new TcpClient())
            await client.ConnectAsync(IPAddress.Loopback, server.Port);

        server.Dispose();

        using var late = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(IPAddress.Loopback, server.Port));
        Assert.False(Directory.Exists(server.Folder));
    }

    [PostgresFact]
    public async Task A_killed_process_leaves_no_server()
    {
        using Process worker = Process.Start(WorkerCommand.StartInfo(PostgresWorker.Kind))!;
        string[] line = (await worker.StandardOutput.ReadLineAsync().WaitAsync(TimeLimit))!.Split('\t');
        using Process watch = Process.GetProcessById(int.Parse(line[1], CultureInfo.InvariantCulture));

        worker.Kill();

        await watch.WaitForExitAsync().WaitAsync(TimeLimit);
        Assert.False(Directory.Exists(line[0]));
    }

    private static PostgresServer Start() => PostgresServer.TryStart(out string why) ?? throw new InvalidOperationException(why);
}
