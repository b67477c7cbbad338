using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Gets the current status of tasks. Without tasks or ids, lists the tasks of the journal, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "NanoBananaTask", DefaultParameterSetName = JournalSet, SupportsPaging = true)]
[OutputType(typeof(ImageTask))]
public sealed class GetNanoBananaTaskCommand : TaskCmdlet
{
    private const string JournalSet = "Journal";
    private const string BatchSet = "Batch";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private bool? _areNames;
    private bool _hasBatches;
    private bool _hasFoundTasks;
    private long? _skip;
    private long? _first;

    /// <summary>Batches from Get-NanoBananaBatch, whose tasks to list.</summary>
    [Parameter(ParameterSetName = BatchSet, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "The batches from Get-NanoBananaBatch.")]
    [BatchInput]
    public ImageBatch[]? InputBatch { get; set; }

    /// <summary>Only tasks with these statuses.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Gets only tasks with these statuses.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Gets only tasks with these statuses.")]
    [ValidateNotNullOrEmpty]
    [ValidateStatus]
    [ArgumentCompleter(typeof(StatusCompleter))]
    public string[]? Status { get; set; }

    /// <summary>Only tasks of these batches. Wildcards are allowed.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Gets only tasks of these batches.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(BatchPatternCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Batch { get; set; }

    /// <summary>Only tasks with these names. Wildcards are allowed.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Gets only tasks with these names.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Gets only tasks with these names.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamePatternCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Only tasks with these prompts. Wildcards are allowed. Without wildcards, a text is the whole prompt.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Gets only tasks with these prompts.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Gets only tasks with these prompts.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Prompt { get; set; }

    /// <summary>Only tasks of this service, regardless of which of its addresses was used.</summary>
    [Parameter(ParameterSetName = JournalSet,
        HelpMessage = "Gets only tasks of this service.")]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    [ValidateNotNull]
    public Uri? Endpoint { get; set; }

    /// <summary>Only tasks that were submitted at this time or later.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Gets only tasks that were submitted at this time or later.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Gets only tasks that were submitted at this time or later.")]
    [ValidateNotNull]
    public DateTime? After { get; set; }

    /// <summary>Only tasks that were submitted before this time.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Gets only tasks that were submitted before this time.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Gets only tasks that were submitted before this time.")]
    [ValidateNotNull]
    public DateTime? Before { get; set; }

    /// <summary>Only tasks whose images are paid for and not saved, and that no running process works on.</summary>
    [Parameter(ParameterSetName = JournalSet,
        HelpMessage = "Gets only tasks whose images are paid for and not saved.")]
    [Parameter(ParameterSetName = BatchSet,
        HelpMessage = "Gets only tasks whose images are paid for and not saved.")]
    public SwitchParameter Unsaved { get; set; }

    /// <summary>Whether to list the journal. Empty input from the pipeline lists nothing.</summary>
    private bool ListsJournal => ParameterSetName == JournalSet && !MyInvocation.ExpectingInput;

    /// <summary>Whether the arguments are names of tasks, which are listed from the journal, and not ids, which are polled.</summary>
    private bool AreNames => _areNames ??= Id is { Length: > 0 } && Id.All(IsName);

    private protected override ProgressStage Stage => ProgressStage.Checking;

    /// <summary>
    /// The journal is read without a key. Pipeline input is not known yet: without a key, the first id or task in it is an error.
    /// </summary>
    private protected override bool NeedsConnection =>
        !ListsJournal && !AreNames && InputBatch is null && !(MyInvocation.ExpectingInput && !ConnectionResolver.CanResolve(Connection));

    private protected override void EndProcessing(CommandSession session)
    {
        if (ListsJournal)
            TerminateOnError(() => List(Filter()));
        if ((ListsJournal || _hasBatches) && !_hasFoundTasks && Hint() is { } hint)
            WriteWarning(hint);
    }

    private protected override void ProcessRecord(CommandSession session)
    {
        if (ParameterSetName == BatchSet)
        {
            TerminateOnError(() => Array.ForEach(InputBatch!, ListBatch));
        }
        else if (ParameterSetName == IdSet)
        {
            TerminateOnError(() => Array.ForEach(Id!, text => ProcessId(session, text)));
        }
        else
        {
            RequireConnection();
            base.ProcessRecord(session);
        }
    }

    private void RequireConnection() => TerminateOnError(() => Connection ??= ListsJournal ? null : ConnectionResolver.Resolve(null));

    /// <summary>Lists the tasks with a name, as with -Name. If the journal has no task with this name, the text is an id.</summary>
    private void ProcessId(CommandSession session, string text)
    {
        if (IsName(text))
        {
            List(Named(Filter(), text));
            return;
        }
        RequireConnection();
        ForEachTask(session, null, [text], task => ProcessTask(session, task));
    }

    /// <summary>Whether the journal has tasks with this name and no task with this id. No id has a star or a question mark.</summary>
    private bool IsName(string text)
    {
        if (_names.Contains(text))
            return true;
        if (!IsPattern(text))
            return false;
        if (text.IndexOfAny(['*', '?']) >= 0)
            return _names.Add(text);
        JournalReader? journal = Await(Journal.TryOpen);
        bool isName = journal is not null && Await(() => journal.FindById(text.Trim()) is null
            && journal.List(Named(new JournalFilter { First = 1 }, text)).Count > 0);
        return isName && _names.Add(text);
    }

    private static JournalFilter Named(JournalFilter filter, string name) =>
        filter with { Name = NameFilter(name), ExactName = ExactName([name]), NamePrefix = Prefix([name]) };

    /// <summary>Whether a text is a valid wildcard pattern: a bracket must be closed.</summary>
    private static bool IsPattern(string text)
    {
        try
        {
            new WildcardPattern(text).IsMatch("");
            return true;
        }
        catch (WildcardPatternException)
        {
            return false;
        }
    }

    private void ListBatch(ImageBatch batch)
    {
        _hasBatches = true;
        List(Filter() with { Batch = name => name == batch.Batch, Endpoint = batch.Endpoint });
    }

    private void List(JournalFilter filter)
    {
        JournalReader? journal = Await(Journal.Open);
        if (PagingParameters.IncludeTotalCount)
            WriteObject(PagingParameters.NewTotalCount((ulong)Await(() => journal?.Count(filter) ?? 0), 1.0));
        // -Skip and -First apply to all lists of the command together.
        filter = filter with { Skip = _skip ??= filter.Skip, First = _first ??= filter.First };
        long emitted = 0;
        using IEnumerator<IReadOnlyList<ImageTask>>? portions = journal?.Portions(filter).GetEnumerator();
        while (portions is not null && Await(portions.MoveNext))
        {
            _hasFoundTasks = true;
            emitted += portions.Current.Count;
            WriteObject(portions.Current, enumerateCollection: true);
        }
        _first -= emitted;
        // If a list emits nothing, all of its tasks can be skipped.
        _skip = emitted > 0 || _skip == 0 ? 0 : _skip - Math.Min(_skip.Value, Await(() => journal?.Count(filter) ?? 0));
    }

    private protected override void ProcessTask(CommandSession session, ImageTask task) => session.Pump.Start(
        async () => session.Pump.PostObject(await session.Client.GetAsync(task, session.Pump, session.StopToken).ConfigureAwait(false)),
        task);

    /// <summary>A hint for a prompt without wildcards, because users seldom type the whole prompt.</summary>
    private string? Hint() => Prompt is [var text] && !WildcardPattern.ContainsWildcardCharacters(text)
        ? Messages.NoTaskHasPrompt(text) : null;

    private JournalFilter Filter() => new()
    {
        Status = Status?.Select(LanguagePrimitives.ConvertTo<ImageTaskStatus>).ToArray(),
        Batch = NameFilter(Batch),
        Name = NameFilter(Name),
        ExactName = ExactName(Name),
        NamePrefix = Prefix(Name),
        Prompt = NameFilter(Prompt),
        Endpoint = Endpoint,
        After = After,
        Before = Before,
        Unsaved = Unsaved,
        Skip = (long)Math.Min(PagingParameters.Skip, long.MaxValue),
        First = (long)Math.Min(PagingParameters.First, long.MaxValue),
    };

    private static string? ExactName(string[]? names) =>
        names is [var name] && !WildcardPattern.ContainsWildcardCharacters(name) ? WildcardPattern.Unescape(name) : null;

    private static string? Prefix(string[]? names) => names is [var pattern] ? pattern.Split('*', '?', '[', '`')[0] : null;

    /// <summary>
    /// Accepts the names of statuses. The parameter is text, because PowerShell completes an enumeration alphabetically and without
    /// tooltips.
    /// </summary>
    private sealed class ValidateStatusAttribute : ValidateEnumeratedArgumentsAttribute
    {
        protected override void ValidateElement(object element)
        {
            // PowerShell converts 'Failed,Completed' to one value, which is the number of another status.
            if (!LanguagePrimitives.TryConvertTo(element, out ImageTaskStatus _) || $"{element}".Contains(','))
                throw new ValidationMetadataException(Messages.NotAStatus(element));
        }
    }
}
