namespace NanoBanana.Commands;

/// <summary>Removes the connection of this runspace and its key. Running work continues.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "NanoBanana")]
public sealed class DisconnectNanoBananaCommand : NanoBananaCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => RunspaceData.Current.Connection = null;
}
