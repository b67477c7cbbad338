namespace NanoBanana.Lab.Postgres;

/// <summary>A process that starts a server and waits to be killed.</summary>
internal static class PostgresWorker
{
    public const string Kind = "postgres";

    public static void Run()
    {
        PostgresServer server = PostgresServer.TryStart(out string why) ?? throw new LabException(why);
        Console.WriteLine($"{server.Folder}\t{server.WatchId}");
        Thread.Sleep(Timeout.Infinite);
    }
}
