using System.Management.Automation.Runspaces;
using NanoBanana.Connections;

namespace NanoBanana.Commands;

/// <summary>Forgets the connection of this runspace, and the key with it. Work that is under way is not disturbed.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "NanoBanana")]
public sealed class DisconnectNanoBananaCommand : NanoBananaCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => ConnectionStore.Forget(Runspace.DefaultRunspace);
}
