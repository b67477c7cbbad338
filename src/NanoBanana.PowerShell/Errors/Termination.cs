using System.Management.Automation;
using NanoBanana.Pipeline;

namespace NanoBanana.Errors;

internal static class Termination
{
    /// <summary>Runs what a command can't go on without: its failure ends the command.</summary>
    public static void OrTerminate(this NanoBananaCmdlet cmdlet, Action action)
    {
        try
        {
            action();
        }
        catch (NanoBananaException e)
        {
            cmdlet.ThrowTerminatingError(e.ToErrorRecord());
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }
}
