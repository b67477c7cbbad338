using System.Diagnostics;
using System.Management.Automation.Runspaces;

namespace NanoBanana.Module.Tests.Hosting;

/// <summary>A script that runs in the background.</summary>
internal sealed class ShellRun
{
    private readonly PowerShell _shell;
    private readonly RecordingHost _host;
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly TaskCompletionSource<PSObject> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _linesBefore;
    private readonly IAsyncResult _running;

    public ShellRun(Runspace runspace, RecordingHost host, string script)
    {
        _host = host;
        _linesBefore = host.Lines.Count;
        _shell = PowerShell.Create(runspace);
        _shell.AddScript(script);
        _output.DataAdded += (_, added) => _first.TrySetResult(_output[added.Index]);
        _running = _shell.BeginInvoke<PSObject, PSObject>(null, _output);
    }

    /// <summary>Whether the script is still running.</summary>
    public bool IsRunning => !_running.IsCompleted;

    /// <summary>Waits for the first object that the script emits.</summary>
    public Task<PSObject> FirstOutputAsync() => _first.Task.WaitAsync(TestTimeout.Limit);

    /// <summary>Stops the script, as Ctrl+C does.</summary>
    /// <returns>The time that stopping took.</returns>
    public TimeSpan Stop()
    {
        var clock = Stopwatch.StartNew();
        if (!_shell.BeginStop(null, null).AsyncWaitHandle.WaitOne(TestTimeout.Limit))
            throw new TimeoutException("The script did not stop.");
        return clock.Elapsed;
    }

    /// <summary>Waits for the end of the script.</summary>
    public ShellResult End()
    {
        if (!_running.AsyncWaitHandle.WaitOne(TestTimeout.Limit))
        {
            _shell.BeginStop(null, null);
            throw new TimeoutException($"The script did not end: {_shell.Commands.Commands[0].CommandText}");
        }
        RuntimeException? failure = null;
        try
        {
            _shell.EndInvoke(_running);
        }
        catch (RuntimeException e)
        {
            failure = e;
        }
        var result = new ShellResult(_output, _shell.Streams, [.. _host.Lines.Skip(_linesBefore)], failure);
        _shell.Dispose();
        return result;
    }
}
