namespace NanoBanana.Commands;

/// <summary>Gets the connection of this runspace, with a masked key.</summary>
[Cmdlet(VerbsCommon.Get, "NanoBananaConnection")]
[OutputType(typeof(NanoBananaConnection))]
public sealed class GetNanoBananaConnectionCommand : NanoBananaCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            WriteObject(ConnectionResolver.Resolve(given: null));
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.ApiKeyMissing)
        {
            // Having no connection is a valid result, not an error.
            WriteVerbose(e.Message);
        }
        catch (NanoBananaException e)
        {
            WriteError(e.ToErrorRecord());
        }
    }
}
