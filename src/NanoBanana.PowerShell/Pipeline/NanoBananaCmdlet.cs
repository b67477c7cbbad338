using System.Management.Automation;
using NanoBanana.Client;
using NanoBanana.Connections;
using NanoBanana.Views;

namespace NanoBanana.Pipeline;

/// <summary>
/// A command of the module that Ctrl+C can stop. The first command of a session loads the views of what commands emit. All text
/// goes through <see cref="TextSafety"/> here, because names and paths in it may come from anyone.
/// </summary>
public abstract class NanoBananaCmdlet : PSCmdlet, IDisposable
{
    private JournalLook? _journal;

    /// <summary>Canceled when the command is to end before its work.</summary>
    private protected CancellationTokenSource StopSource { get; } = new();

    private protected CancellationToken StopToken => StopSource.Token;

    /// <summary>The journal of this user, for commands that only read. For the pipeline thread.</summary>
    private protected JournalLook Journal => _journal ??= new JournalLook(StopToken);

    /// <inheritdoc/>
    protected override void BeginProcessing() => ModuleViews.Load(this);

    /// <inheritdoc/>
    protected override void StopProcessing() => StopSource.Cancel();

    /// <summary>Called by PowerShell when the whole pipeline has ended.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the command holds.</summary>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing) => _journal?.Dispose();

    /// <summary>Waits on the pipeline thread for disk work on another one, so that Ctrl+C ends the wait at once.</summary>
    private protected T Await<T>(Func<Task<T>> work)
    {
        Task<T> running = Task.Run(work);
        try
        {
            running.Wait(StopToken);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (AggregateException)
        {
            // Thrown below, as it was.
        }
        return running.GetAwaiter().GetResult();
    }

    private protected T Await<T>(Func<T> work) => Await(() => Task.FromResult(work()));

    /// <summary>Whether -Verbose applies: by the switch, else by the preference variable of the caller.</summary>
    internal bool IsVerbose => IsOn("Verbose", "VerbosePreference", IsShown);

    /// <summary>Whether -Debug applies.</summary>
    internal bool IsDebug => IsOn("Debug", "DebugPreference", IsShown);

    /// <summary>Whether -WhatIf applies.</summary>
    private protected bool IsWhatIf => IsOn("WhatIf", "WhatIfPreference", LanguagePrimitives.IsTrue);

    private static bool IsShown(object? preference) =>
        !LanguagePrimitives.TryConvertTo(preference, out ActionPreference action)
        || action is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private bool IsOn(string parameter, string variable, Func<object?, bool> read)
    {
        if (MyInvocation.BoundParameters.TryGetValue(parameter, out object? given))
            return LanguagePrimitives.IsTrue(given);
        object? preference = SessionState.PSVariable.GetValue(variable);
        return read(preference is PSObject wrapped ? wrapped.BaseObject : preference);
    }

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
