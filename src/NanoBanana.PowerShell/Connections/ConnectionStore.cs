using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace NanoBanana.Connections;

/// <summary>
/// The connection of each runspace. A connection that was made here goes with its runspace; work that still uses one
/// keeps it alive.
/// </summary>
internal static class ConnectionStore
{
    private static readonly ConditionalWeakTable<Runspace, NanoBananaConnection> Connections = new();

    public static NanoBananaConnection? Current =>
        Connections.TryGetValue(Runspace.DefaultRunspace, out NanoBananaConnection? connection) ? connection : null;

    public static void Remember(NanoBananaConnection connection)
    {
        lock (Connections)
        {
            Connections.Remove(Runspace.DefaultRunspace);
            Connections.Add(Runspace.DefaultRunspace, connection);
        }
    }

    public static void Forget(Runspace? runspace)
    {
        if (runspace is null)
            return;
        lock (Connections)
            Connections.Remove(runspace);
    }
}
