using System.Diagnostics;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using NanoBanana.Client.Text;
using NanoBanana.Terminals;
#if NET
using System.Runtime.InteropServices;
#endif

namespace NanoBanana.Pipeline;

/// <summary>
/// Ends running commands on SIGTERM, SIGHUP (on Windows: shutdown, or closing the console), the end of the process, and the removal of the
/// module. Submitting ends immediately. Submissions in flight are waited for, so that their ids are stored and shown.
/// </summary>
internal static class Shutdown
{
    /// <summary>How long to wait for submissions in flight.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>How long pipelines stay paused after draining. The process normally ends in this time.</summary>
    private static readonly TimeSpan ReleaseDelay = TimeSpan.FromSeconds(1);

    private static readonly object Lock = new();
    private static readonly List<CommandSession> Sessions = [];
    private static readonly List<IDisposable> Signals = [];
    private static Action? _whenIdle;
    private static int _exitCode;

    /// <summary>Registers a command that starts.</summary>
    public static void Register(CommandSession session)
    {
        lock (Lock)
        {
            Sessions.Add(session);
            if (Sessions.Count == 1)
                Subscribe();
        }
    }

    /// <summary>Removes a command whose work has ended.</summary>
    public static void Unregister(CommandSession session)
    {
        Action? whenIdle = null;
        lock (Lock)
        {
            if (!Sessions.Remove(session) || Sessions.Count > 0)
                return;
            Unsubscribe();
            (whenIdle, _whenIdle) = (_whenIdle, null);
        }
        whenIdle?.Invoke();
    }

    /// <summary>Runs an action when no command has work: immediately, or when the last command has ended.</summary>
    public static void WhenIdle(Action action)
    {
        lock (Lock)
        {
            if (Sessions.Count > 0)
            {
                _whenIdle = action;
                return;
            }
        }
        action();
    }

    /// <summary>Ends the commands of a runspace from which the module is removed.</summary>
    public static void EndCommandsOf(Runspace? runspace)
    {
        foreach (CommandSession session in Drain(session => session.Runspace == runspace, RunExitCode.Interrupted))
            session.Pump.Stop();
    }

    /// <summary>
    /// Sets the exit code of the process after Ctrl+C. With <c>-File</c> and <c>-Command</c>, Ctrl+C ends the script, and the exit code of
    /// PowerShell is 0. A scheduler would report the script as successful.
    /// </summary>
    /// <param name="host">The host of the command.</param>
    /// <param name="runspace">The runspace of the command. The console stops only its own runspace, which is the first one.</param>
    public static void SetExitCodeAfterCtrlC(PSHost host, Runspace? runspace)
    {
        if (host.Name == "ConsoleHost" && runspace is { Id: 1 } && CommandLine.RunsScript(Environment.GetCommandLineArgs()))
            SetExitCode(RunExitCode.Interrupted);
    }

    private static void SetExitCode(int exitCode)
    {
        lock (Lock)
        {
            if (_exitCode == 0)
                AppDomain.CurrentDomain.ProcessExit += (_, _) =>
                    Environment.ExitCode = Environment.ExitCode == 0 ? _exitCode : Environment.ExitCode;
            _exitCode = exitCode;
        }
    }

    /// <summary>Interrupts commands and waits for the answers to their submissions, all within one limit.</summary>
    /// <param name="isWanted">Whether a command must end.</param>
    /// <param name="exitCode">The exit code of its run.</param>
    private static List<CommandSession> Drain(Func<CommandSession, bool> isWanted, int exitCode)
    {
        List<CommandSession> sessions;
        lock (Lock)
            sessions = [.. Sessions.Where(isWanted)];
        var clock = Stopwatch.StartNew();
        sessions.ForEach(session => session.Run?.Stop(exitCode));
        sessions.ForEach(session => session.Interrupt());
        foreach (CommandSession session in sessions)
        {
            TimeSpan left = Limit - clock.Elapsed;
            session.Drain(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        sessions.ForEach(session => session.StoreRuns());
        return sessions;
    }

    /// <summary>
    /// Drains the commands. The default action of the signal then ends the process with the signal's exit code, while the pipelines stay
    /// paused. A host that cancels this action waits for its pipelines, so they are stopped after a delay.
    /// </summary>
    private static void EndProcess(int exitCode)
    {
        List<CommandSession> sessions = Drain(_ => true, exitCode);
        Background.Run(
            async () =>
            {
                await Task.Delay(ReleaseDelay).ConfigureAwait(false);
                sessions.ForEach(session => session.Pump.Stop());
            },
            e => Trace.TraceError($"{e}"));
    }

#if NET
    private static void EndBySignal(int exitCode)
    {
        SetExitCode(exitCode);
        EndProcess(exitCode);
    }

#endif
    private static void OnProcessExit(object? sender, EventArgs e) => EndProcess(RunExitCode.Interrupted);

    // Not SIGINT: PowerShell handles Ctrl+C and stops the pipeline.
    private static void Subscribe()
    {
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
#if NET
        Signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => EndBySignal(143)));
        Signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => EndBySignal(129)));
#endif
    }

    private static void Unsubscribe()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Signals.ForEach(signal => signal.Dispose());
        Signals.Clear();
    }
}
