using System.Diagnostics;
using System.Management.Automation.Runspaces;
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
        foreach (CommandSession session in Drain(session => session.Runspace == runspace))
            session.Pump.Release();
    }

    /// <summary>Interrupts commands and waits until their submits are answered, all of them within one limit.</summary>
    private static List<CommandSession> Drain(Func<CommandSession, bool> isWanted)
    {
        List<CommandSession> sessions;
        lock (Gate)
            sessions = [.. Sessions.Where(isWanted)];
        var clock = Stopwatch.StartNew();
        sessions.ForEach(session => session.Interrupt());
        foreach (CommandSession session in sessions)
        {
            TimeSpan left = Limit - clock.Elapsed;
            session.Drain(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        return sessions;
    }

    /// <summary>
    /// The process ends next, by the signal's default action, so that its exit code is the signal's. Until then the pipelines stay held.
    /// A host that cancels that action waits for its pipelines instead, so they end when the process still lives.
    /// </summary>
    private static void EndProcess()
    {
        List<CommandSession> sessions = Drain(_ => true);
        Background.Run(
            async () =>
            {
                await Task.Delay(ReleaseDelay).ConfigureAwait(false);
                sessions.ForEach(session => session.Pump.Release());
            },
            e => Trace.TraceError($"{e}"));
    }

    private static void OnProcessExit(object? sender, EventArgs e) => EndProcess();

    // Ctrl+C is PowerShell's own: it stops the pipeline. Where the process ends then, as under -File, that is the end of the process.
    private static void Subscribe()
    {
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
#if NET
        Signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => EndProcess()));
        Signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => EndProcess()));
#endif
    }

    private static void Unsubscribe()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Signals.ForEach(signal => signal.Dispose());
        Signals.Clear();
    }
}
