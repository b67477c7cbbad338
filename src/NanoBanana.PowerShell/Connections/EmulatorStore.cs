using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using NanoBanana.Emulator;

namespace NanoBanana.Connections;

/// <summary>The emulators that each runspace has started, so that they can be stopped without being held.</summary>
internal static class EmulatorStore
{
    private static readonly ConditionalWeakTable<Runspace, List<IDisposable>> Emulators = new();

    public static void Add(EmulatorServer emulator)
    {
        List<IDisposable> running = Emulators.GetOrCreateValue(Runspace.DefaultRunspace);
        lock (running)
            running.Add(emulator);
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
