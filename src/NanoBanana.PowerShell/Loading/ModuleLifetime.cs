using System.Management.Automation.Runspaces;
using NanoBanana.Client.Journal;

namespace NanoBanana.Loading;

/// <summary>Opens the border when PowerShell imports the module and leaves nothing behind when it removes it.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static int _imports;
    private static volatile bool _usesJournal;

    /// <summary>A command is about to use the journal, so that it is closed when the module goes.</summary>
    internal static void UsesJournal() => _usesJournal = true;

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
        RunspaceData.Current.Clear();
        if (Interlocked.Decrement(ref _imports) == 0)
            Shutdown.WhenIdle(Close);
    }

    /// <summary>An answer that comes after the limit still needs the journal, so this may run late, when the module is back.</summary>
    private static void Close()
    {
        if (Volatile.Read(ref _imports) > 0)
            return;
        if (_usesJournal)
            CloseJournal();
        DependencyBorder.Close();
    }

    // A method of its own: only when it is compiled does the runtime ask for the client, which no command may have loaded.
    private static void CloseJournal() => JournalHandle.CloseAll();
}
