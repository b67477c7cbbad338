using System.Management.Automation;
using NanoBanana.Client;
using NanoBanana.Views;

namespace NanoBanana.Pipeline;

/// <summary>
/// Any command of the module: the first one of a session brings the views of what commands emit. Whatever a command says goes
/// through <see cref="TextSafety"/> here: names and paths in it may come from anyone.
/// </summary>
public abstract class ModuleCmdlet : PSCmdlet
{
    /// <inheritdoc/>
    protected override void BeginProcessing() => ModuleViews.Load(this);

    /// <summary>Writes a warning, harmless for a terminal.</summary>
    /// <param name="text">The message.</param>
    public new void WriteWarning(string text) => base.WriteWarning(TextSafety.Clean(text));

    /// <summary>Writes a verbose message, harmless for a terminal.</summary>
    /// <param name="text">The message.</param>
    public new void WriteVerbose(string text) => base.WriteVerbose(TextSafety.Clean(text));

    /// <summary>Writes a debug message, harmless for a terminal.</summary>
    /// <param name="text">The message.</param>
    public new void WriteDebug(string text) => base.WriteDebug(TextSafety.Clean(text));

    /// <summary>Shows how far the work is, harmless for a terminal.</summary>
    /// <param name="record">The progress.</param>
    public new void WriteProgress(ProgressRecord record)
    {
        record.StatusDescription = TextSafety.Clean(record.StatusDescription);
        base.WriteProgress(record);
    }

    /// <summary>Asks or previews, harmless for a terminal.</summary>
    /// <param name="target">What is acted on.</param>
    /// <param name="action">What is done.</param>
    public new bool ShouldProcess(string target, string action) =>
        base.ShouldProcess(OneLine(target), OneLine(action));

    /// <summary>Asks or previews, harmless for a terminal.</summary>
    /// <param name="description">What is done.</param>
    /// <param name="warning">The question.</param>
    /// <param name="caption">Its heading.</param>
    public new bool ShouldProcess(string description, string warning, string caption) =>
        base.ShouldProcess(OneLine(description), OneLine(warning), OneLine(caption));

    /// <summary>Asks, harmless for a terminal.</summary>
    /// <param name="query">The question.</param>
    /// <param name="caption">Its heading.</param>
    /// <param name="yesToAll">The answer for all.</param>
    /// <param name="noToAll">The answer for all.</param>
    public new bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll) =>
        base.ShouldContinue(OneLine(query), OneLine(caption), ref yesToAll, ref noToAll);

    /// <summary>A line of its own in a name could look like another question.</summary>
    private static string OneLine(string text) => TextSafety.Excerpt(text, int.MaxValue);
}
