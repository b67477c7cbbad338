using System.Diagnostics;
using System.Management.Automation.Runspaces;
using System.Management.Automation.Host;
using NanoBanana.Client.Text;
#if NET
using System.Runtime.InteropServices;
#endif

namespace NanoBanana.Pipeline;

/// <summary>
/// The commands whose work has not ended, and what ends them from outside: SIGTERM, SIGHUP (on Windows: shutdown, and closing the
/// console), the end of the process, and the removal of the module. Submitting stops at once. Submits on their way are waited for,
/// so that their ids become durable, and the user reads them.
/// </summary>
internal static class Shutdown
{
    /// <summary>How long to wait for submits on their way.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>How long a process that drained may take to end.</summary>
    private static readonly TimeSpan ReleaseDelay = TimeSpan.FromSeconds(1);

    private static readonly object Gate = new();
    private static readonly List<CommandSession> Sessions = [];
    private static readonly List<IDisposable> Signals = [];
    private static Action? _whenIdle;
    private static int _exitCode;

    /// <summary>A command begins.</summary>
    public static void Enter(CommandSession session)
    {
        lock (Gate)
        {
            Sessions.Add(session);
            if (Sessions.Count == 1)
                Subscribe();
        }
    }

    /// <summary>A command and all of its work have ended.</summary>
    public static void Leave(CommandSession session)
    {
        Action? whenIdle = null;
        lock (Gate)
        {
            if (!Sessions.Remove(session) || Sessions.Count > 0)
                return;
            Unsubscribe();
            (whenIdle, _whenIdle) = (_whenIdle, null);
        }
        whenIdle?.Invoke();
    }

    /// <summary>Runs an action when no command has work any more: now, or when the last one has ended.</summary>
    public static void WhenIdle(Action action)
    {
        lock (Gate)
        {
            if (Sessions.Count > 0)
            {
                _whenIdle = action;
                return;
            }
        }
        action();
    }

    /// <summary>The module goes from a runspace: ends the commands there.</summary>
    public static void EndCommandsOf(Runspace? runspace)
    {
        foreach (CommandSession session in Drain(session => session.Runspace == runspace, RunExitCode.Interrupted))
            session.Pump.Release();
    }

    /// <summary>
    /// Ctrl+C has stopped a command. Under <c>-File</c> and <c>-Command</c> that is the end of the script, and PowerShell answers 0 then:
    /// a scheduler would take the script for one that has done its work.
    /// </summary>
    /// <param name="host">The host of the command.</param>
    /// <param name="runspace">Where the command ran. The console stops only its own, which is the first one.</param>
    public static void StoppedByUser(PSHost host, Runspace? runspace)
    {
        if (host.Name == "ConsoleHost" && runspace is { Id: 1 } && RunsScript(Environment.GetCommandLineArgs()))
            AnswerAtExit(RunExitCode.Interrupted);
    }

    /// <summary>Whether the arguments of pwsh name a script or a command, after which the process ends.</summary>
    public static bool RunsScript(IEnumerable<string> arguments)
    {
        bool runsScript = false;
        foreach (string argument in arguments.Skip(1).Select(argument => argument.TrimStart('-', '/').ToLowerInvariant()))
        {
            if (argument.StartsWith("noe", StringComparison.Ordinal))
                return false;
            runsScript |= argument is "f" or "file" or "c" or "command" or "e" or "ec" or "encodedcommand" || argument.EndsWith(".ps1", StringComparison.Ordinal);
            if (runsScript)
                break;
        }
        return runsScript;
    }

    private static void AnswerAtExit(int exitCode)
    {
        lock (Gate)
        {
            if (_exitCode == 0)
                AppDomain.CurrentDomain.ProcessExit += (_, _) => Environment.ExitCode = Environment.ExitCode == 0 ? _exitCode : Environment.ExitCode;
            _exitCode = exitCode;
        }
    }

    /// <summary>Interrupts commands and waits until their submits are answered, all of them within one limit.</summary>
    /// <param name="isWanted">Whether a command is to end.</param>
    /// <param name="exitCode">The exit code of its run.</param>
    private static List<CommandSession> Drain(Func<CommandSession, bool> isWanted, int exitCode)
    {
        List<CommandSession> sessions;
        lock (Gate)
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
    /// The process ends next, by the signal's default action, so that its exit code is the signal's. Until then the pipelines stay held.
    /// A host that cancels that action waits for its pipelines instead, so they end when the process still lives.
    /// </summary>
    private static void EndProcess(int exitCode)
    {
        List<CommandSession> sessions = Drain(_ => true, exitCode);
        Background.Run(
            async () =>
            {
                await Task.Delay(ReleaseDelay).ConfigureAwait(false);
                sessions.ForEach(session => session.Pump.Release());
            },
            e => Trace.TraceError($"{e}"));
    }

#if NET
    private static void EndBySignal(int exitCode)
    {
        AnswerAtExit(exitCode);
        EndProcess(exitCode);
    }

#endif
    private static void OnProcessExit(object? sender, EventArgs e) => EndProcess(RunExitCode.Interrupted);

    // Ctrl+C is PowerShell's own: it stops the pipeline. Where the process ends then, as under -File, that is the end of the process.
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
