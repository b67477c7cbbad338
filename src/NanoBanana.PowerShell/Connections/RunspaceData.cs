using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using NanoBanana.Emulator;

namespace NanoBanana.Connections;

/// <summary>What the module keeps for a runspace. It goes with its runspace; work that still uses a part keeps that part alive.</summary>
internal sealed class RunspaceData
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceData> States = new();
    private static volatile Uri? _lastEmulator;

    // Not by the emulator's type, so as not to load it for nothing.
    private readonly List<IDisposable> _emulators = [];
    private Uri? _usedEmulator;
    private bool _hasChosen;
    private EngineIntrinsics? _engine;

    /// <summary>That of this runspace; an empty one on a thread that has none.</summary>
    public static RunspaceData Current => Runspace.DefaultRunspace is { } runspace ? States.GetOrCreateValue(runspace) : new RunspaceData();

    /// <summary>The connection that commands use when none is given; null before one is made.</summary>
    public NanoBananaConnection? Connection { get; set; }

    /// <summary>
    /// The host and the variables of the session, for what PowerShell calls without them. Null on a thread that runs no session. A
    /// variable is read in every language mode.
    /// </summary>
    public EngineIntrinsics? Engine => _engine ??= Runspace.DefaultRunspace is null ? null
        : PSObject.AsPSObject(ScriptBlock.Create("$ExecutionContext").InvokeReturnAsIs()).BaseObject as EngineIntrinsics;

    /// <summary>The tasks that passed through its commands.</summary>
    public RecentTasks RecentTasks { get; private set; } = new();

    /// <summary>The sessions of its running commands, in the order in which they began. For the pipeline thread.</summary>
    public List<CommandSession> Sessions { get; } = [];

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

    /// <summary>The emulators that it has started, oldest first, so that they can be stopped without being held.</summary>
    public IReadOnlyList<EmulatorServer> Emulators
    {
        get
        {
            lock (_emulators)
                return [.. _emulators.Cast<EmulatorServer>()];
        }
    }

    public void Add(EmulatorServer emulator)
    {
        lock (_emulators)
            _emulators.Add(emulator);
        UsedEmulator = emulator.Endpoint;
    }

    public void Remove(EmulatorServer emulator)
    {
        lock (_emulators)
            _emulators.Remove(emulator);
    }

    /// <summary>The module goes: stops the emulators and drops the rest.</summary>
    public void Clear()
    {
        Connection = null;
        RecentTasks = new();
        lock (_emulators)
        {
            _emulators.ForEach(emulator => emulator.Dispose());
            _emulators.Clear();
        }
    }
}
