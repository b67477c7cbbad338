using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using NanoBanana.Emulator;

namespace NanoBanana.Connections;

/// <summary>
/// The emulators that each runspace has started, so that they can be stopped without being held, and the one
/// that it used last.
/// </summary>
internal static class EmulatorStore
{
    private static readonly ConditionalWeakTable<Runspace, List<IDisposable>> Emulators = new();
    private static readonly ConditionalWeakTable<Runspace, StrongBox<Uri?>> LastUsed = new();
    private static volatile Uri? _last;

    /// <summary>
    /// The emulator that this runspace used last; in a runspace that chose no endpoint, such as one of ForEach-Object -Parallel, that
    /// of the process. Null when none was used, or after another endpoint was chosen. Removing the module does not clear it.
    /// </summary>
    public static Uri? Used
    {
        get => LastUsed.TryGetValue(Runspace.DefaultRunspace, out StrongBox<Uri?>? own) ? own.Value : _last;
        set
        {
            LastUsed.GetOrCreateValue(Runspace.DefaultRunspace).Value = value;
            _last = value ?? _last;
        }
    }

    public static void Add(EmulatorServer emulator)
    {
        List<IDisposable> running = Emulators.GetOrCreateValue(Runspace.DefaultRunspace);
        lock (running)
            running.Add(emulator);
        Used = emulator.Endpoint;
    }

    public static void Remove(EmulatorServer emulator)
    {
        if (!Emulators.TryGetValue(Runspace.DefaultRunspace, out List<IDisposable>? running))
            return;
        lock (running)
            running.Remove(emulator);
    }

    /// <summary>The emulators of this runspace, oldest first.</summary>
    public static IReadOnlyList<EmulatorServer> Running()
    {
        if (!Emulators.TryGetValue(Runspace.DefaultRunspace, out List<IDisposable>? running))
            return [];
        lock (running)
            return [.. running.Cast<EmulatorServer>()];
    }

    /// <summary>Stops what the runspace has started. Does not name the emulator's type, so as not to load it for nothing.</summary>
    public static void StopAll(Runspace? runspace)
    {
        if (runspace is null || !Emulators.TryGetValue(runspace, out List<IDisposable>? running))
            return;
        lock (running)
        {
            running.ForEach(emulator => emulator.Dispose());
            running.Clear();
        }
    }
}
