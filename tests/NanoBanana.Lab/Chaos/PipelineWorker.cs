using System.Globalization;
using System.Management.Automation.Runspaces;

namespace NanoBanana.Lab.Chaos;

/// <summary>The process of the pipeline: the staged module in the engine, with the pipeline of a script.</summary>
internal static class PipelineWorker
{
    public const string Kind = "chaos-pipeline";

    private const string Work = """
        param($prompts, $out, $batch)
        $journal = if ($batch) { @{ Batch = $batch } } else { @{} }
        $prompts | New-NanoBananaImage -Resolution 0.5K @journal | Wait-NanoBananaTask | Save-NanoBananaImage -Destination $out
        """;

    /// <param name="values">Endpoint, key, protocol, folder for the images, number of prompts, and the batch or an empty string.</param>
    public static void Run(string[] values)
    {
        using Runspace runspace = Engine.OpenConnected(values[0], values[1], values[2]);
        IReadOnlyList<string> prompts = Round.Prompts(int.Parse(values[4], CultureInfo.InvariantCulture));
        // Measure the memory that the last nine tenths leave, because the first tenth also fills caches.
        int ahead = prompts.Count / 10;
        Engine.Run(runspace, Work, prompts.Take(ahead), values[3], values[5]);
        Console.WriteLine($"memory\t{MemoryAtRest()}");
        Engine.Run(runspace, Work, prompts.Skip(ahead), values[3], values[5]);
        Console.WriteLine($"memory\t{MemoryAtRest()}");
        Console.WriteLine("end");
    }

    /// <summary>Managed memory after the background writes to the journal.</summary>
    private static long MemoryAtRest()
    {
        long least = GC.GetTotalMemory(forceFullCollection: true);
        for (int quiet = 0; quiet < 4; quiet++)
        {
            Thread.Sleep(250);
            long now = GC.GetTotalMemory(forceFullCollection: true);
            if (now < least - 10_000)
                (least, quiet) = (now, 0);
        }
        return least;
    }
}
