using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using NanoBanana.Emulator;

namespace NanoBanana.Connections;

/// <summary>What the module keeps for a runspace. It goes with its runspace; work that still uses a part keeps that part alive.</summary>
internal sealed class RunspaceData
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceData> States = new();
    private static volatile Uri? _lastEmulator;

    // Of all runspaces, oldest first. Not by the emulator's type, so as not to load it for nothing.
    private static readonly List<(object Owner, IDisposable Emulator)> Started = [];

    private readonly object _owner = new();
    private Uri? _usedEmulator;
    private bool _hasChosen;
    private EngineIntrinsics? _engine;

    /// <summary>That of this runspace; an empty one on a thread that has none.</summary>
    public static RunspaceData Current => Runspace.DefaultRunspace is { } runspace ? States.GetOrCreateValue(runspace) : new RunspaceData();

    /// <summary>The connection that commands use when none is given; null before one is made.</summary>
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
    /// The emulator that was stopped and took the connection with it: until the user chooses another connection, no key of the
    /// environment is used, and the journal is that of emulators. Null in all other cases.
    /// </summary>
    public Uri? StoppedEmulator { get; private set; }

    /// <summary>Whose journal commands list when no connection is given; null before there is one.</summary>
    public Uri? Endpoint => Connection?.Endpoint ?? StoppedEmulator;

    /// <summary>
    /// The host and the variables of the session, for what PowerShell calls without them. Null on a thread that runs no session. A
    /// variable is read in every language mode.
    /// </summary>
    public EngineIntrinsics? Engine => _engine ??= Runspace.DefaultRunspace is null ? null
        : PSObject.AsPSObject(ScriptBlock.Create("$ExecutionContext").InvokeReturnAsIs()).BaseObject as EngineIntrinsics;

    /// <summary>The tasks that passed through its commands.</summary>
    public RecentTasks RecentTasks { get; private set; } = new();

    /// <summary>
    /// The sessions of its running commands, in the order in which they began. The pipeline thread alone changes them; it locks them for it.
    /// </summary>
    public List<CommandSession> Sessions { get; } = [];

    /// <summary>Why nothing more is bought while its commands run; null while more is bought.</summary>
    public NanoBananaException? StopReason
    {
        get
        {
            lock (Sessions)
                return Sessions.Find(session => session.StopReason is not null)?.StopReason;
        }
    }

    /// <summary>
    /// The emulator that this runspace used last; in a runspace that chose no endpoint, such as one of ForEach-Object -Parallel, that
    /// of the process. Null when none was used, or after another endpoint was chosen. Removing the module does not clear it.
    /// </summary>
    public Uri? UsedEmulator
    {
        get => _hasChosen ? _usedEmulator : _lastEmulator;
        set
        {
            _hasChosen = true;
            _usedEmulator = value;
            _lastEmulator = value ?? _lastEmulator;
        }
    }

    /// <summary>The running emulators of all runspaces of this process, the newest last.</summary>
    public static IReadOnlyList<EmulatorServer> AllEmulators => Running(_ => true);

    /// <summary>The running emulators that it has started, the newest last.</summary>
    public IReadOnlyList<EmulatorServer> Emulators => Running(owner => owner == _owner);

    /// <summary>Whether the process has started an emulator, without loading anything.</summary>
    public static bool HasEmulators
    {
        get
        {
            lock (Started)
                return Started.Count > 0;
        }
    }

    public void Add(EmulatorServer emulator)
    {
        lock (Started)
            Started.Add((_owner, emulator));
        UsedEmulator = emulator.Endpoint;
    }

    /// <summary>Stops an emulator, and drops the connection to it.</summary>
    public void Stop(EmulatorServer emulator)
    {
        emulator.Dispose();
        // Another emulator may have taken its port since.
        if (Connection?.Endpoint.Authority == emulator.Endpoint.Authority
            && AllEmulators.All(other => other.Endpoint.Authority != emulator.Endpoint.Authority))
            (Connection, StoppedEmulator) = (null, emulator.Endpoint);
    }

    /// <summary>The module goes: stops the emulators and drops the rest.</summary>
    public void Clear()
    {
        Connection = null;
        RecentTasks = new();
        lock (Started)
        {
            Started.FindAll(started => started.Owner == _owner).ForEach(started => started.Emulator.Dispose());
            Started.RemoveAll(started => started.Owner == _owner);
        }
    }

    private static EmulatorServer[] Running(Func<object, bool> isWanted)
    {
        lock (Started)
        {
            Started.RemoveAll(started => started.Emulator is EmulatorServer { IsRunning: false });
            return [.. Started.Where(started => isWanted(started.Owner)).Select(started => started.Emulator).Cast<EmulatorServer>()];
        }
    }
}
