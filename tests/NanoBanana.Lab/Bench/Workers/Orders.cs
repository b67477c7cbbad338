using System.Text.Json;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>The worker's end of the line to the benchmark.</summary>
internal static class Orders
{
    /// <summary>Orders as they come; the end of the benchmark is the end of the input.</summary>
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
