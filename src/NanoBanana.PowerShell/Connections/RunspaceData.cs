using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using NanoBanana.Emulator;

namespace NanoBanana.Connections;

/// <summary>The data of the module for a runspace. It is collected with the runspace, except parts that running work still uses.</summary>
internal sealed class RunspaceData
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceData> ByRunspace = new();
    private static volatile Uri? _lastEmulator;

    // The emulators of all runspaces, the oldest first. Typed as IDisposable, so that the emulator's assembly is not loaded.
    private static readonly List<(object Owner, IDisposable Emulator)> StartedEmulators = [];

    private readonly object _owner = new();
    private Uri? _usedEmulator;
    private bool _hasChosenEndpoint;
    private EngineIntrinsics? _engine;

    /// <summary>The data of this thread's runspace; empty data on a thread without a runspace.</summary>
    public static RunspaceData Current =>
        Runspace.DefaultRunspace is { } runspace ? ByRunspace.GetOrCreateValue(runspace) : new RunspaceData();

    /// <summary>The default connection of commands; null before the first connection.</summary>
    public NanoBananaConnection? Connection
    {
        get;
        set
        {
            field = value;
            StoppedEmulator = null;
        }
    }

    /// <summary>
    /// The stopped emulator of the last connection. Until the user connects again, the key of the environment is not used, and the journal
    /// is the journal of emulators. Null in all other cases.
    /// </summary>
    public Uri? StoppedEmulator { get; private set; }

    /// <summary>The endpoint whose journal commands list by default; null before the first connection.</summary>
    public Uri? Endpoint => Connection?.Endpoint ?? StoppedEmulator;

    /// <summary>
    /// The host and the variables of the session, for code that PowerShell calls without them. Null on a thread without a session. Reading
    /// a variable works in every language mode.
    /// </summary>
    public EngineIntrinsics? Engine => _engine ??= Runspace.DefaultRunspace is null ? null
        : PSObject.AsPSObject(ScriptBlock.Create("$ExecutionContext").InvokeReturnAsIs()).BaseObject as EngineIntrinsics;

    /// <summary>The most recent tasks of its commands.</summary>
    public RecentTasks RecentTasks { get; private set; } = new();

    /// <summary>
    /// The sessions of its running commands, in the order of their start. Only the pipeline thread changes the list, and locks it for a
    /// change.
    /// </summary>
    public List<CommandSession> Sessions { get; } = [];

    /// <summary>Why its running commands no longer submit; null while they submit.</summary>
    public NanoBananaException? StopReason
    {
        get
        {
            lock (Sessions)
                return Sessions.Find(session => session.StopReason is not null)?.StopReason;
        }
    }

    /// <summary>
    /// The last emulator of this runspace. In a runspace without a chosen endpoint, such as in ForEach-Object -Parallel, the last emulator
    /// of the process. Null without an emulator, or after another endpoint was chosen. Removing the module does not clear it.
    /// </summary>
    public Uri? UsedEmulator
    {
        get => _hasChosenEndpoint ? _usedEmulator : _lastEmulator;
        set
        {
            _hasChosenEndpoint = true;
            _usedEmulator = value;
            _lastEmulator = value ?? _lastEmulator;
        }
    }

    /// <summary>The running emulators of all runspaces of this process, the newest last.</summary>
    public static IReadOnlyList<EmulatorServer> AllEmulators => RunningEmulators(_ => true);

    /// <summary>The running emulators of this runspace, the newest last.</summary>
    public IReadOnlyList<EmulatorServer> Emulators => RunningEmulators(owner => owner == _owner);

    /// <summary>Whether the process has started an emulator, without loading anything.</summary>
    public static bool HasEmulators
    {
        get
        {
            lock (StartedEmulators)
                return StartedEmulators.Count > 0;
        }
    }

    public void Add(EmulatorServer emulator)
    {
        lock (StartedEmulators)
            StartedEmulators.Add((_owner, emulator));
        UsedEmulator = emulator.Endpoint;
    }

    /// <summary>Stops an emulator, and removes the connection to it.</summary>
    public void Stop(EmulatorServer emulator)
    {
        emulator.Dispose();
        // Another emulator can now have the same port.
        if (Connection?.Endpoint.Authority == emulator.Endpoint.Authority
            && AllEmulators.All(other => other.Endpoint.Authority != emulator.Endpoint.Authority))
            (Connection, StoppedEmulator) = (null, emulator.Endpoint);
    }

    /// <summary>Stops the emulators and clears all other data, when the module is removed.</summary>
    public void Clear()
    {
        Connection = null;
        RecentTasks = new();
        lock (StartedEmulators)
        {
            StartedEmulators.FindAll(started => started.Owner == _owner).ForEach(started => started.Emulator.Dispose());
            StartedEmulators.RemoveAll(started => started.Owner == _owner);
        }
    }

    private static EmulatorServer[] RunningEmulators(Func<object, bool> isWanted)
    {
        lock (StartedEmulators)
        {
            StartedEmulators.RemoveAll(started => started.Emulator is EmulatorServer { IsRunning: false });
            return [.. StartedEmulators.Where(started => isWanted(started.Owner)).Select(started => (EmulatorServer)started.Emulator)];
        }
    }
}
