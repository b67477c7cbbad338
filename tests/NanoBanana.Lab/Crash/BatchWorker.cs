using System.Management.Automation.Runspaces;

namespace NanoBanana.Lab.Crash;

/// <summary>The process that is killed: the staged module in the engine, with the pipeline of a script.</summary>
internal static class BatchWorker
{
    public const string Kind = "crash-batch";

    private const string Script = """
        param($prompts, $batch, $out, $resubmit)
        [System.IO.File]::ReadLines($prompts) |
            New-NanoBananaImage -Batch $batch -Resolution 0.5K -ThrottleLimit 4 -ResubmitUnknown:$resubmit |
            Save-NanoBananaImage -Destination $out
        """;

    /// <param name="values">
    /// Endpoint, key, file of prompts, batch, folder for the images, and whether to submit unknown requests again.
    /// </param>
    public static void Run(string[] values)
    {
        using Runspace runspace = Engine.OpenConnected(values[0], values[1], "Generation");
        bool removeRequested = false;
        var stop = new CancellationTokenSource();
        // As in pwsh, Ctrl+C stops the pipeline, and a stopped script ends its process.
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        new Thread(() =>
        {
            if (Console.ReadLine() is null)
                return;
            removeRequested = true;
            stop.Cancel();
        }) { IsBackground = true }.Start();
        Console.WriteLine("ready");
        if (Engine.Run(runspace, Script, [values[2], values[3], values[4], bool.Parse(values[5])], stop.Token))
            Console.WriteLine("end");
        if (removeRequested)
            Engine.Run(runspace, "Remove-Module NanoBanana");
    }
}
