using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace NanoBanana.Lab.History;

/// <summary>The staged module in a runspace, connected to an emulator, over a large journal.</summary>
internal sealed class HistorySession : IDisposable
{
    private readonly Runspace _runspace;

    public HistorySession(Runspace runspace, string folder)
    {
        _runspace = runspace;
        Run($"Import-Module '{LabFiles.StagedModule}' -ErrorAction Stop; Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana; Set-Location '{folder}'", 0);
    }

    /// <summary>What is measured. <c>$n</c> is another number in each round.</summary>
    public static IReadOnlyList<string> Commands { get; } =
    [
        "Get-NanoBananaTask | Select-Object -First 20",
        "Get-NanoBananaTask -First 1000",
        "Get-NanoBananaTask",
        "Get-NanoBananaTask -Batch night-$n",
        "Get-NanoBananaTask -Batch night-?",
        "Get-NanoBananaTask -Name product-77$n",
        "Get-NanoBananaTask -Name *-77$n",
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
        "'a fox' | New-NanoBananaImage -Batch night-$n -WhatIf",
        "Export-NanoBananaGallery page$n -Batch night-$n",
        "Remove-NanoBananaTask -Id id5$n -Force",
        "Remove-NanoBananaTask -Batch night-2 -Before (Get-Date).AddMinutes(-$n) -Force",
        "Backup-NanoBananaJournal backup$n.db",
    ];

    public Measure Run(string command, int round)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript($"$n = {round}; {command}");
        var output = new PSDataCollection<PSObject>();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = before;
        TimeSpan? first = null;
        int rows = 0;
        var watch = Stopwatch.StartNew();
        output.DataAdded += (_, _) =>
        {
            first ??= watch.Elapsed;
            // Nothing of it is kept: what is measured is the command's own memory.
            rows += output.ReadAll().Count;
            if (rows % 1000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
        };
        shell.Invoke(null, output);
        TimeSpan all = watch.Elapsed;
        most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
        if (shell.Streams.Error is [var error, ..])
            throw new LabException($"'{command}' ended with an error: {error}");
        return new Measure(first ?? all, all, rows, most - before);
    }

    public void Dispose() => Run("Stop-NanoBananaEmulator", 0);
}
