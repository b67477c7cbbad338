using System.Management.Automation;

namespace NanoBanana.Errors;

internal static class Termination
{
    /// <summary>Runs what a command can't go on without: its failure ends the command.</summary>
    public static void OrTerminate(this PSCmdlet cmdlet, Action action)
    {
        try
        {
            action();
        }
        catch (NanoBananaException e)
        {
            cmdlet.ThrowTerminatingError(e.ToErrorRecord());
        }
    }
}
