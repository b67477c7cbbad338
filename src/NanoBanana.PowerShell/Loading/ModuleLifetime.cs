using System.Management.Automation;
using System.Management.Automation.Runspaces;
using NanoBanana.Completion;
using NanoBanana.Connections;
using NanoBanana.Pipeline;

namespace NanoBanana.Loading;

/// <summary>Opens the border when PowerShell imports the module and leaves nothing behind when it removes it.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static int _imports;

    /// <summary>Called by PowerShell for each runspace that imports the module.</summary>
    public void OnImport()
    {
        if (Interlocked.Increment(ref _imports) == 1)
            DependencyBorder.Open();
    }

    /// <summary>Called by PowerShell for each runspace that removes the module.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        // First: submits on their way need all of what goes below.
        Shutdown.EndCommandsOf(Runspace.DefaultRunspace);
        ConnectionStore.Forget(Runspace.DefaultRunspace);
        RecentTasks.Forget(Runspace.DefaultRunspace);
        EmulatorStore.StopAll(Runspace.DefaultRunspace);
        if (Interlocked.Decrement(ref _imports) == 0)
            Shutdown.WhenIdle(Close);
    }

    /// <summary>An answer that comes after the limit still needs the journal, so this may run late, when the module is back.</summary>
    private static void Close()
    {
        if (Volatile.Read(ref _imports) > 0)
            return;
        JournalCloser.CloseIfUsed();
        DependencyBorder.Close();
    }
}
