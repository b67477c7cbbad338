namespace NanoBanana.Lab.Postgres;

/// <summary>A process that starts a server and waits until it is killed.</summary>
internal static class PostgresWorker
{
    public const string Kind = "postgres";

    public static void Run()
    {
        PostgresServer server = PostgresServer.TryStart(out string reason) ?? throw new LabException(reason);
        Console.WriteLine($"{server.Folder}\t{server.WatchId}");
        Thread.Sleep(Timeout.Infinite);
    }
}
