namespace NanoBanana.Module.Tests.LongLife;

/// <summary>After its last session has removed the module, nothing of it runs, listens or is open.</summary>
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
    public async Task Removal_leaves_nothing_after_successful_and_failed_work()
    {
        string journal = Path.Combine(_folder.Path, "journal.db");
        _emulator.Enqueue(EmulatorOperation.Create, EmulatorFault.Status(500));
        _emulator.Enqueue(EmulatorOperation.Poll, EmulatorFault.Reset());
        _emulator.Enqueue(EmulatorOperation.Download, EmulatorFault.CutBody());

        string[] lines = await FreshProcess.RunAsync($$"""
            $env:NANOBANANA_JOURNAL = '{{journal}}'
            # After its first use, the SQLite library keeps one timer for its pools until the process ends.
            $timers = [System.Threading.Timer]::ActiveCount + 1
            function Get-Trace {
                $field = [System.Runtime.Loader.AssemblyLoadContext].GetField('_resolving', 'NonPublic, Instance')
                $resolving = $field.GetValue([System.Runtime.Loader.AssemblyLoadContext]::Default)
                if ($resolving) {
                    $resolving.GetInvocationList() | ForEach-Object { "$($_.Method.DeclaringType)" } |
                        Where-Object { $_ -like 'NanoBanana*' } | ForEach-Object { "handler $_" }
                }
                [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpConnections() | ForEach-Object {
                    $port = $_.RemoteEndPoint.Port
                    if ($_.State -eq 'Established' -and $port -in {{_emulator.Endpoint.Port}}, {{_emulator.DownloadEndpoint.Port}}) {
                        "connection to $($_.RemoteEndPoint)"
                    }
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
            $files = 1..20 | ForEach-Object { "fox $_" } |
                New-NanoBananaImage -Batch removal -ErrorAction SilentlyContinue -ErrorVariable problems |
                Wait-NanoBananaTask | Save-NanoBananaImage -Destination '{{_folder.Path}}'
            $null = New-NanoBananaImage 'a task without a wait [hold]'
            "$($files.Count) saved, $($problems.Count) not"
            "there were $(@(Get-Trace | ForEach-Object { $_.Split(' ')[0] } | Sort-Object -Unique) -join ', ')"
            $files = $problems = $null

            Remove-Module NanoBanana
            # Idle connections are dropped within seconds. The timer for this is collected with the client.
            $elapsed = [System.Diagnostics.Stopwatch]::StartNew()
            while ((Get-Trace) -and $elapsed.Elapsed.TotalSeconds -lt 40) {
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
    public async Task Removal_waits_for_a_submission_in_flight_of_a_stopped_pipeline()
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
        await _emulator.WaitForAsync(counters => counters.CreatesAccepted == 1).WaitAsync(TestTimeout.Limit);
        File.WriteAllText(Path.Combine(_folder.Path, "go"), "");

        Assert.Equal([_emulator.Tasks[0].Id, "Running"], await script);
        Assert.Equal(1, _emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task Removal_within_the_pipeline_waits_for_its_submissions_and_sends_nothing_else()
    {
        _emulator.Enqueue(EmulatorOperation.Create, EmulatorFault.SlowStart(TimeSpan.FromSeconds(3)));
        Task<string[]> script = FreshProcess.RunAsync($$"""
            {{Prelude}}
            $null = $shell.AddScript("1..9 | ForEach-Object { ""fox `$_"" } | New-NanoBananaImage -Batch removal -ThrottleLimit 2 |
                ForEach-Object { Wait-File; Remove-Module NanoBanana }")
            $run = $shell.BeginInvoke()
            $null = $run.AsyncWaitHandle.WaitOne()
            "$($shell.InvocationStateInfo.State)"
            Connect-Shell
            Invoke-InShell "Get-NanoBananaTask | ForEach-Object { `$_.Id } | Sort-Object
                'fox 1', 'fox 2' | New-NanoBananaImage -Batch removal | ForEach-Object { 'again' }"
            """);
        await _emulator.WaitForAsync(counters => counters.CreatesAccepted == 2).WaitAsync(TestTimeout.Limit);
        File.WriteAllText(Path.Combine(_folder.Path, "go"), "");

        string[] lines = await script;
        Assert.Equal(["Stopped", .. _emulator.Tasks.Select(task => task.Id).Order(StringComparer.Ordinal), "again", "again"], lines);
        Assert.Equal(2, _emulator.Counters.CreatesReceived);
    }

    /// <summary>A separate runspace with the module, whose pipelines can be stopped.</summary>
    private string Prelude => $$"""
        $env:NANOBANANA_JOURNAL = '{{Path.Combine(_folder.Path, "journal.db")}}'
        $shell = [powershell]::Create()
        function Invoke-InShell([string] $Script) { $shell.Commands.Clear(); $shell.AddScript($Script).Invoke() }
        function Wait-File {
            while (-not [System.IO.File]::Exists('{{Path.Combine(_folder.Path, "go")}}')) { Start-Sleep -Milliseconds 20 }
        }
        function Connect-Shell {
            Invoke-InShell "Import-Module '$module'
                Connect-NanoBanana -Endpoint {{_emulator.Endpoint}} -ApiKey {{_emulator.GetApiKey()}}
                function Wait-File { $(${function:Wait-File}) }"
            $shell.Commands.Clear()
        }
        Connect-Shell
        """;
}
