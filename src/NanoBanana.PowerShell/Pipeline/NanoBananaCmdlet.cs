using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;

namespace NanoBanana.Pipeline;

/// <summary>
/// A command of the module that Ctrl+C can stop. The first command of a session loads the views of the emitted objects. All text goes
/// through <see cref="TextSafety"/> here, because names and paths in it can be from anyone.
/// </summary>
public abstract class NanoBananaCmdlet : PSCmdlet, IDisposable
{
    private const string Views = "NanoBanana.Views";
    private const string ImportViews = @"param($manifest) Microsoft.PowerShell.Core\Import-Module -Name $manifest "
        + "-ErrorAction Stop -WarningAction Ignore -Verbose:$false -Debug:$false";

    private JournalAccess? _journal;
    private string? _namedJournal;
    private Func<string, string> _journalPath = _ => throw new InvalidOperationException("The command has not started.");
    private Uri? _endpoint;
    private bool _hasViews;

    /// <summary>Canceled when the command must end early.</summary>
    private protected CancellationTokenSource StopSource { get; } = new();

    private protected CancellationToken StopToken => StopSource.Token;

    /// <summary>The journal of the current connection, for commands that only read.</summary>
    private protected JournalAccess Journal => _journal ??= new JournalAccess(_namedJournal, _journalPath, _endpoint, StopToken);

    /// <summary>The connection whose journal the command reads.</summary>
    private protected virtual NanoBananaConnection? JournalConnection => RunspaceData.Current.Connection;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (!DefersViews)
            LoadViews();
        // Only the pipeline thread can read locations and drives.
        _namedJournal = PathReader.NamedJournal;
        _journalPath = PathReader.Journal(SessionState.Path, _namedJournal);
        _endpoint = JournalConnection?.Endpoint ?? RunspaceData.Current.Endpoint;
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => StopSource.Cancel();

    /// <summary>Called by PowerShell when the whole pipeline has ended.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the resources of the command.</summary>
    /// <param name="disposing">Always true, because the class has no finalizer.</param>
    protected virtual void Dispose(bool disposing) => _journal?.Dispose();

    /// <summary>Waits on the pipeline thread for disk work on another thread. Ctrl+C ends the wait immediately.</summary>
    private protected T Await<T>(Func<Task<T>> work)
    {
        Task<T> running = Task.Run(work);
        try
        {
            _ = Task.WaitAny([running], StopToken);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        return running.GetAwaiter().GetResult();
    }

    private protected T Await<T>(Func<T> work) => Await(() => Task.FromResult(work()));

    private protected void Await(Func<Task> work) => Await(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });

    private protected void Await(Action work) => Await(() => Task.Run(work));

    /// <summary>The value of a parameter; null if it was not given.</summary>
    private protected T? Given<T>(string parameter, T value)
        where T : struct => MyInvocation.BoundParameters.ContainsKey(parameter) ? value : null;

    /// <summary>Runs an action. Its error is a terminating error of the command.</summary>
    private protected void TerminateOnError(Action action)
    {
        try
        {
            action();
        }
        catch (NanoBananaException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>A filter for names that match a wildcard pattern, ignoring case; null without patterns.</summary>
    private protected static Func<string, bool>? NameFilter(params string[]? patterns)
    {
        if (patterns is null)
            return null;
        const WildcardOptions Options = WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant;
        WildcardPattern[] wanted = [.. patterns.Select(pattern => new WildcardPattern(pattern, Options))];
        return name => wanted.Any(pattern => pattern.IsMatch(name));
    }

    /// <summary>The batches of the journal with a matching name, at one service or at all.</summary>
    /// <param name="journal">The journal; null if it does not exist yet.</param>
    /// <param name="isMatch">Whether a name matches; null for all names.</param>
    /// <param name="service">The service, by any of its addresses; null for all.</param>
    private protected (string Name, Uri? Endpoint)[] FindBatches(JournalReader? journal, Func<string, bool>? isMatch, Uri? service) =>
        [.. Await(() => journal?.Batches(isMatch) ?? [])
            .Where(batch => service is null || KnownEndpoints.IsSame(batch.Endpoint, service))];

    /// <summary>Whether -Verbose applies, by the switch or by the preference variable of the caller.</summary>
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

    /// <summary>
    /// Whether a non-terminating error ends the pipeline, by -ErrorAction or by the preference variable of the caller.
    /// </summary>
    private protected bool EndsOnError =>
        LanguagePrimitives.TryConvertTo(
            MyInvocation.BoundParameters.TryGetValue("ErrorAction", out object? given) ? given
                : SessionState.PSVariable.GetValue("ErrorActionPreference"),
            out ActionPreference action)
        && action == ActionPreference.Stop;

    internal new void WriteObject(object? value)
    {
        LoadViews();
        base.WriteObject(value);
    }

    internal new virtual void WriteError(ErrorRecord record) => base.WriteError(record);

    internal new void WriteWarning(string text) => base.WriteWarning(TextSafety.Clean(text));

    internal new void WriteVerbose(string text) => base.WriteVerbose(TextSafety.Clean(text));

    /// <summary>Writes text to the host, as Write-Host does.</summary>
    internal void WriteHost(string text) =>
        WriteInformation(new HostInformationMessage { Message = TextSafety.Clean(text) }, ["PSHOST"]);

    internal new void WriteDebug(string text) => base.WriteDebug(TextSafety.Clean(text));

    internal new void WriteProgress(ProgressRecord record)
    {
        record.StatusDescription = TextSafety.Clean(record.StatusDescription);
        base.WriteProgress(record);
    }

    private protected new bool ShouldProcess(string target, string action) => base.ShouldProcess(OneLine(target), OneLine(action));

    private protected new bool ShouldProcess(string description, string warning, string caption) =>
        base.ShouldProcess(OneLine(description), OneLine(warning), OneLine(caption));

    private protected new bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll) =>
        base.ShouldContinue(OneLine(query), OneLine(caption), ref yesToAll, ref noToAll);

    /// <summary>The text on one line, because a line break in a name could make it look like another question.</summary>
    private static string OneLine(string text) => TextSafety.Excerpt(text, int.MaxValue);

    /// <summary>Whether the views are loaded later than at the start, because the command works before it emits its first object.</summary>
    private protected virtual bool DefersViews => false;

    /// <summary>
    /// Loads the views with the first command of a session. Loading them with the import would double the time of the import
    /// (docs/decisions/0014). The views are a nested module, so PowerShell removes them with the module.
    /// </summary>
    private protected void LoadViews()
    {
        if (_hasViews)
            return;
        _hasViews = true;
        // Without its manifest (Import-Module NanoBanana.dll), the module can't have nested modules.
        if (MyInvocation.MyCommand.Module is not { SessionState: not null } module
            || module.NestedModules.Any(nested => nested.Name == Views))
            return;
        try
        {
            module.Invoke(ScriptBlock.Create(ImportViews), Path.Combine(module.ModuleBase, Views + ".psd1"));
        }
        catch (PipelineStoppedException)
        {
            // The command ends its work first. Its next write ends the pipeline.
        }
        catch (RuntimeException e)
        {
            // A restricted session can lack commands that loading requires. The command works, and PowerShell shows objects as lists.
            WriteVerbose(Messages.ViewsNotLoaded(e.Message));
        }
    }
}
