namespace NanoBanana.Commands;

/// <summary>Forgets the connection of this runspace, and the key with it. Work that is under way is not disturbed.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "NanoBanana")]
public sealed class DisconnectNanoBananaCommand : NanoBananaCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => RunspaceData.Current.Connection = null;
}
