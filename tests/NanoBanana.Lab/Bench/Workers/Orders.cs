using System.Text.Json;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>The connection of a worker to the benchmark.</summary>
internal static class Orders
{
    /// <summary>Reads orders until the end of the input, which is the end of the benchmark.</summary>
    public static IEnumerable<Order> Read()
    {
        while (Console.ReadLine() is { } line)
            yield return JsonSerializer.Deserialize<Order>(line)!;
    }

    public static void Answer<T>(T answer)
    {
        Console.WriteLine(JsonSerializer.Serialize(answer));
        Console.Out.Flush();
    }
}
