using System.Management.Automation.Runspaces;

namespace NanoBanana.Lab.Crash;

/// <summary>The process that is killed: the staged module in the engine, and the pipeline that a script would run.</summary>
internal static class BatchWorker
{
    public const string Kind = "crash-batch";

    private const string Script = """
        param($prompts, $batch, $out, $resubmit)
        [System.IO.File]::ReadLines($prompts) |
            New-NanoBananaImage -Batch $batch -Resolution 0.5K -ThrottleLimit 4 -ResubmitUnknown:$resubmit |
            Save-NanoBananaImage -Destination $out
        """;

    /// <param name="values">Endpoint, key, file of prompts, batch, folder for the images, and whether to buy unknown submissions again.</param>
    public static void Run(string[] values)
    {
        using Runspace runspace = Engine.OpenConnected(values[0], values[1], "Generation");
        bool isToBeRemoved = false;
        var stop = new CancellationTokenSource();
        // As pwsh does: Ctrl+C stops the pipeline, and a script that is stopped ends its process.
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        new Thread(() =>
        {
            if (Console.ReadLine() is null)
                return;
            isToBeRemoved = true;
            stop.Cancel();
        }) { IsBackground = true }.Start();
        Console.WriteLine("ready");
        if (Engine.Run(runspace, Script, [values[2], values[3], values[4], bool.Parse(values[5])], stop.Token))
            Console.WriteLine("end");
        if (isToBeRemoved)
            Engine.Run(runspace, "Remove-Module NanoBanana");
    }
}
