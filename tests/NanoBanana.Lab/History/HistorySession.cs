using System.Diagnostics;
using System.Globalization;

namespace NanoBanana.Lab.History;

/// <summary>A pwsh with the staged module and a large journal, connected to an emulator.</summary>
internal static class HistorySession
{
    /// <summary>The measured commands. <c>$n</c> is the number of the round.</summary>
    private static readonly string[] Commands =
    [
        "Get-NanoBananaTask | Select-Object -First 20",
        "Get-NanoBananaTask -First 1000",
        "Get-NanoBananaTask",
        "Get-NanoBananaTask -Batch night-$n",
        "Get-NanoBananaTask -Batch night-?",
        "Get-NanoBananaTask -Name product-77$n",
        "Get-NanoBananaTask -Name *-77$n",
        "Get-NanoBananaTask -Prompt *77$n* | Select-Object -First 1",
        "Get-NanoBananaTask -Prompt *no-such-prompt-$n*",
        "(Get-NanoBananaTask -First 1000).File.Count + $n",
        "Get-NanoBananaBatch night-$n | Get-NanoBananaTask",
        "Get-NanoBananaTask -Status Failed -First 20",
        "Get-NanoBananaTask -Status Canceled",
        "Get-NanoBananaTask -After (Get-Date).AddHours(-1)",
        "Get-NanoBananaTask -Before (Get-Date).AddYears(-9)",
        "Get-NanoBananaTask -Unsaved",
        "Get-NanoBananaTask -First 5 -IncludeTotalCount",
        "Get-NanoBananaBatch night-$n",
        "Get-NanoBananaBatch",
        "TabExpansion2 'Get-NanoBananaBatch '",
        "TabExpansion2 'Get-NanoBananaTask -Id '",
        "'a fox' | New-NanoBananaImage -Batch night-$n",
        "'a fox' | New-NanoBananaImage -Batch night-$n -WhatIf 6> $null",
        "Export-NanoBananaGallery page$n -Batch night-$n",
        "Remove-NanoBananaTask -Id id50$n -Force",
        "Remove-NanoBananaTask -Batch night-3 -Force; $n",
        "Backup-NanoBananaJournal backup$n.db",
    ];

    /// <param name="folder">The folder of pages and backups.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="rounds">Rounds of each command.</param>
    /// <returns>The median of each command.</returns>
    public static IReadOnlyList<(string Command, Measure Measure)> Run(string folder, string journal, int rounds)
    {
        string list = Path.Combine(folder, "commands.txt");
        File.WriteAllLines(list, Commands);
        string script = LabFiles.Asset("History", "Measure-History.ps1");
        var start = new ProcessStartInfo(LabFiles.Pwsh, ["-NoProfile", "-File", script, LabFiles.StagedModule, list, $"{rounds}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["NANOBANANA_JOURNAL"] = journal;
        using Process process = Process.Start(start)!;
        var measures = new List<(string, Measure)>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            string[] parts = line.Split('\t');
            if (parts.Length != 5)
                continue;
            Report.Progress(line);
            measures.Add((parts[0], new Measure(Number(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4]))));
        }
        process.WaitForExit();
        return process.ExitCode == 0 && measures.Count == Commands.Length
            ? measures
            : throw new LabException($"pwsh ended with exit code {process.ExitCode} after {measures.Count} of {Commands.Length} commands.");
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
