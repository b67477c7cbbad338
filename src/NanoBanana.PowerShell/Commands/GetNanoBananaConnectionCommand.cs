namespace NanoBanana.Commands;

/// <summary>Shows the connection that commands of this runspace use, with the key masked.</summary>
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
            // Asking which connection there is, is no mistake: none is an answer.
            WriteVerbose(e.Message);
        }
        catch (NanoBananaException e)
        {
            WriteError(e.ToErrorRecord());
        }
    }
}
