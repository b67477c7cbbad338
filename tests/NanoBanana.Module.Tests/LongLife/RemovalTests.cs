namespace NanoBanana.Module.Tests.LongLife;

/// <summary>Removed by its last session, the module leaves nothing behind that runs, listens or is open.</summary>
public sealed class RemovalTests : IDisposable
{
    private readonly EmulatorServer _emulator = EmulatorServer.Start(new EmulatorOptions { TimeScale = 0.01 });
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _emulator.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nothing_of_it_is_left_after_work_that_ended_well_and_work_that_did_not()
    {
        string journal = Path.Combine(_folder.Path, "journal.db");
        _emulator.Enqueue(EmulatorOperation.Create, EmulatorFault.Status(500));
        _emulator.Enqueue(EmulatorOperation.Poll, EmulatorFault.Reset());
        _emulator.Enqueue(EmulatorOperation.Download, EmulatorFault.CutBody());

        string[] lines = await FreshProcess.RunAsync($$"""
            $env:NANOBANANA_JOURNAL = '{{journal}}'
            # Once it was used, the library over SQLite has one timer for its pools, as long as the process lives.
            $timers = [System.Threading.Timer]::ActiveCount + 1
            function Get-Trace {
                $resolving = [System.Runtime.Loader.AssemblyLoadContext].GetField('_resolving', 'NonPublic, Instance').GetValue([System.Runtime.Loader.AssemblyLoadContext]::Default)
                if ($resolving) { $resolving.GetInvocationList() | ForEach-Object { if ("$($_.Method.DeclaringType)" -like 'NanoBanana*') { "handler $($_.Method.DeclaringType)" } } }
                [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpConnections() | ForEach-Object {
                    if ($_.State -eq 'Established' -and $_.RemoteEndPoint.Port -in {{_emulator.Endpoint.Port}}, {{_emulator.DownloadEndpoint.Port}}) { "connection to $($_.RemoteEndPoint)" }
                }
                if ([System.IO.Directory]::Exists('/proc/self/fd')) {
                    [System.IO.Directory]::GetFiles('/proc/self/fd') | ForEach-Object {
                        $target = try { [System.IO.File]::ResolveLinkTarget($_, $false) } catch { }
                        if ("$target" -like '{{_folder.Path}}*') { "open $target" }
                    }
                }
                if ([System.Threading.Timer]::ActiveCount -gt $timers) { "$([System.Threading.Timer]::ActiveCount - $timers) timers" }
            }

            Import-Module $module
            Connect-NanoBanana -Endpoint {{_emulator.Endpoint}} -ApiKey {{_emulator.GetApiKey()}}
            $problems = $null
            $files = 1..20 | ForEach-Object { "fox $_" } | New-NanoBananaImage -Batch removal -ErrorAction SilentlyContinue -ErrorVariable problems |
                Wait-NanoBananaTask | Save-NanoBananaImage -Destination '{{_folder.Path}}'
            $null = New-NanoBananaImage 'a task that nobody waits for [hold]'
            "$($files.Count) saved, $($problems.Count) not"
            "there were $(@(Get-Trace | ForEach-Object { $_.Split(' ')[0] } | Sort-Object -Unique) -join ', ')"
            $files = $problems = $null

            Remove-Module NanoBanana
            # Connections that idle are dropped within seconds; the timer that saw to it goes with the client that nobody has any more.
            $patience = [System.Diagnostics.Stopwatch]::StartNew()
            while ((Get-Trace) -and $patience.Elapsed.TotalSeconds -lt 40) {
                Start-Sleep -Milliseconds 200
                [System.GC]::Collect()
            }
            Get-Trace | ForEach-Object { "left: $_" }
            """);

        Assert.Equal("19 saved, 1 not", lines[0]);
        Assert.Contains("handler", lines[1], StringComparison.Ordinal);
        Assert.Contains("connection", lines[1], StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains("open", lines[1], StringComparison.Ordinal);
        Assert.Empty(lines.Skip(2));
    }

    [Fact]
    public async Task Removal_waits_for_a_submit_that_a_stopped_pipeline_left_on_its_way()
    {
        _emulator.Enqueue(EmulatorOperation.Create, EmulatorFault.SlowStart(TimeSpan.FromSeconds(3)));
        Task<string[]> script = FreshProcess.RunAsync($$"""
            {{Prelude}}
            $run = $shell.AddScript("'fox' | New-NanoBananaImage -Batch removal").BeginInvoke()
            Wait-File
            $shell.Stop()
            Invoke-InShell 'Remove-Module NanoBanana'
            Connect-Shell
            Invoke-InShell "(New-NanoBananaImage 'fox' -Batch removal).Id; (Get-NanoBananaTask).Status"
            """);
        await _emulator.WaitForAsync(counters => counters.CreatesAccepted == 1).WaitAsync(Patience.Limit);
        File.WriteAllText(Path.Combine(_folder.Path, "go"), "");

        Assert.Equal([_emulator.Tasks[0].Id, "Running"], await script);
        Assert.Equal(1, _emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task Removal_by_the_pipeline_itself_waits_for_its_submits_and_sends_nothing_more()
    {
        _emulator.Enqueue(EmulatorOperation.Create, EmulatorFault.SlowStart(TimeSpan.FromSeconds(3)));
        Task<string[]> script = FreshProcess.RunAsync($$"""
            {{Prelude}}
            $null = $shell.AddScript("1..9 | ForEach-Object { ""fox `$_"" } | New-NanoBananaImage -Batch removal -ThrottleLimit 2 | ForEach-Object { Wait-File; Remove-Module NanoBanana }")
            $run = $shell.BeginInvoke()
            $null = $run.AsyncWaitHandle.WaitOne()
            "$($shell.InvocationStateInfo.State)"
            Connect-Shell
            Invoke-InShell "Get-NanoBananaTask | ForEach-Object { `$_.Id } | Sort-Object; 'fox 1', 'fox 2' | New-NanoBananaImage -Batch removal | ForEach-Object { 'again' }"
            """);
        await _emulator.WaitForAsync(counters => counters.CreatesAccepted == 2).WaitAsync(Patience.Limit);
        File.WriteAllText(Path.Combine(_folder.Path, "go"), "");

        string[] lines = await script;
        Assert.Equal(["Stopped", .. _emulator.Tasks.Select(task => task.Id).Order(StringComparer.Ordinal), "again", "again"], lines);
        Assert.Equal(2, _emulator.Counters.CreatesReceived);
    }

    /// <summary>A runspace of its own with the module, whose pipelines can be stopped.</summary>
    private string Prelude => $$"""
        $env:NANOBANANA_JOURNAL = '{{Path.Combine(_folder.Path, "journal.db")}}'
        $shell = [powershell]::Create()
        function Invoke-InShell([string] $Script) { $shell.Commands.Clear(); $shell.AddScript($Script).Invoke() }
        function Wait-File { while (-not [System.IO.File]::Exists('{{Path.Combine(_folder.Path, "go")}}')) { Start-Sleep -Milliseconds 20 } }
        function Connect-Shell {
            Invoke-InShell "Import-Module '$module'; Connect-NanoBanana -Endpoint {{_emulator.Endpoint}} -ApiKey {{_emulator.GetApiKey()}}; function Wait-File { $(${function:Wait-File}) }"
            $shell.Commands.Clear()
        }
        Connect-Shell
        """;
}
