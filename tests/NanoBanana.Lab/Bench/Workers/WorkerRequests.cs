using System.Text.Json;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>The connection of a worker to the benchmark.</summary>
internal static class WorkerRequests
{
    /// <summary>Reads requests until the end of the input, which is the end of the benchmark.</summary>
    public static IEnumerable<WorkerRequest> Read()
    {
        while (Console.ReadLine() is { } line)
            yield return JsonSerializer.Deserialize<WorkerRequest>(line)!;
    }

    public static void Answer<T>(T answer)
    {
        Console.WriteLine(JsonSerializer.Serialize(answer));
        Console.Out.Flush();
    }
}
