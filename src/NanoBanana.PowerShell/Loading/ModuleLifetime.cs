using System.Management.Automation.Runspaces;
using NanoBanana.Client.Journal;

namespace NanoBanana.Loading;

/// <summary>Starts resolving dependencies when PowerShell imports the module, and releases everything when it removes the module.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static int _imports;
    private static volatile bool _usesJournal;

    /// <summary>Records that a command uses the journal, so that the journal is closed when the module is removed.</summary>
    internal static void UsesJournal() => _usesJournal = true;

    /// <summary>Called by PowerShell for each runspace that imports the module.</summary>
    public void OnImport()
    {
        if (Interlocked.Increment(ref _imports) == 1)
            DependencyResolver.Register();
    }

    /// <summary>Called by PowerShell for each runspace that removes the module.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        // First, because submissions in flight need everything that is released below.
        Shutdown.EndCommandsOf(Runspace.DefaultRunspace);
        RunspaceData.Current.Clear();
        if (Interlocked.Decrement(ref _imports) == 0)
            Shutdown.WhenIdle(Release);
    }

    /// <summary>Releases everything. It can run after the module is imported again, because late answers need the journal.</summary>
    private static void Release()
    {
        if (Volatile.Read(ref _imports) > 0)
            return;
        if (_usesJournal)
            CloseJournal();
        DependencyResolver.Unregister();
    }

    // A separate method, because compiling it loads the client, which the session possibly has not loaded.
    private static void CloseJournal() => JournalHandle.CloseAll();
}
