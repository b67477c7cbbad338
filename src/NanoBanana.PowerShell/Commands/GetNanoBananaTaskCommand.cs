using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Asks once, now, how tasks stand; without tasks or ids, lists what the journal knows, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "NanoBananaTask", DefaultParameterSetName = JournalSet, SupportsPaging = true)]
[OutputType(typeof(ImageTask))]
public sealed class GetNanoBananaTaskCommand : TaskCmdlet
{
    private const string JournalSet = "Journal";
    private const string BatchSet = "Batch";

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private bool? _areNames;
    private bool _hasBatches;
    private bool _hasFound;

    /// <summary>Batches, as Get-NanoBananaBatch emits them, whose tasks to list.</summary>
    [Parameter(ParameterSetName = BatchSet, Mandatory = true, ValueFromPipeline = true,
        HelpMessage = "Batches, as Get-NanoBananaBatch emits them.")]
    [BatchInput]
    public ImageBatch[]? InputBatch { get; set; }

    /// <summary>Only tasks of these statuses.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Only tasks with these statuses.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Only tasks with these statuses.")]
    [ValidateNotNullOrEmpty]
    [ValidateStatus]
    [ArgumentCompleter(typeof(StatusCompleter))]
    public string[]? Status { get; set; }

    /// <summary>Only tasks of these batches; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Only tasks of these batches.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(BatchPatternCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Batch { get; set; }

    /// <summary>Only tasks of these names; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Only tasks with these names.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Only tasks with these names.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NamePatternCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Only tasks of these prompts; wildcards are allowed, and without one a text is the whole prompt.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Only tasks with these prompts.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Only tasks with these prompts.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Prompt { get; set; }

    /// <summary>Only tasks of this service, whichever of its addresses they were submitted to.</summary>
    [Parameter(ParameterSetName = JournalSet,
        HelpMessage = "Only tasks of this service.")]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    [ValidateNotNull]
    public Uri? Endpoint { get; set; }

    /// <summary>Only tasks that were begun at this time or later.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Only tasks that were submitted at this time or later.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Only tasks that were submitted at this time or later.")]
    [ValidateNotNull]
    public DateTime? After { get; set; }

    /// <summary>Only tasks that were begun before this time.</summary>
    [Parameter(ParameterSetName = JournalSet, HelpMessage = "Only tasks that were submitted before this time.")]
    [Parameter(ParameterSetName = BatchSet, HelpMessage = "Only tasks that were submitted before this time.")]
    [ValidateNotNull]
    public DateTime? Before { get; set; }

    /// <summary>Only tasks whose images are paid for and not saved, and that no living process works on.</summary>
    [Parameter(ParameterSetName = JournalSet,
        HelpMessage = "Only tasks whose images are paid for and not saved.")]
    [Parameter(ParameterSetName = BatchSet,
        HelpMessage = "Only tasks whose images are paid for and not saved.")]
    public SwitchParameter Unsaved { get; set; }

    /// <summary>Input that turns out to be empty asks for nothing, not for everything.</summary>
    private bool ListsJournal => ParameterSetName == JournalSet && !MyInvocation.ExpectingInput;

    /// <summary>Whether the arguments are names of tasks, which are listed, and not ids, which are asked about.</summary>
    private bool AreNames => _areNames ??= Id is { Length: > 0 } && Id.All(IsName);

    private protected override ProgressStage Stage => ProgressStage.Asking;

    /// <summary>
    /// The journal is on this machine: it is read without a key. What comes through the pipeline is known later: where there is no key, the
    /// first id or task tells it.
    /// </summary>
    private protected override bool NeedsConnection =>
        !ListsJournal && !AreNames && InputBatch is null && !(MyInvocation.ExpectingInput && !ConnectionResolver.CanResolve(Connection));

    private protected override void EndProcessing(CommandSession session)
    {
        if (ListsJournal)
            OrTerminate(() => List(Filter()));
        if ((ListsJournal || _hasBatches) && !_hasFound && Hint() is { } hint)
            WriteWarning(hint);
    }

    private protected override void ProcessRecord(CommandSession session)
    {
        if (ParameterSetName == BatchSet)
        {
            OrTerminate(() => Array.ForEach(InputBatch!, ListBatch));
        }
        else if (ParameterSetName == IdSet)
        {
            OrTerminate(() => Array.ForEach(Id!, text => ProcessId(session, text)));
        }
        else
        {
            RequireConnection();
            base.ProcessRecord(session);
        }
    }

    private void RequireConnection() => OrTerminate(() => Connection ??= ListsJournal ? null : ConnectionResolver.Resolve(null));

    /// <summary>A name is listed, as with -Name; what the journal knows under no name is an id.</summary>
    private void ProcessId(CommandSession session, string text)
    {
        if (IsName(text))
        {
            List(Filter() with { Name = NameFilter(text), ExactName = ExactName([text]), NamePrefix = Prefix([text]) });
            return;
        }
        RequireConnection();
        ForEachTask(session, null, [text], task => ProcessTask(session, task));
    }

    /// <summary>Whether the journal has tasks of that name, and none of that id. No id has a star or a question mark.</summary>
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
            && journal.List(new JournalFilter { Name = NameFilter(text), ExactName = ExactName([text]), NamePrefix = Prefix([text]), First = 1 }).Count > 0);
        return isName && _names.Add(text);
    }

    /// <summary>Whether a text can be compared with names: a bracket that is not closed can't.</summary>
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
        using IEnumerator<IReadOnlyList<ImageTask>>? portions = journal?.Portions(filter).GetEnumerator();
        while (portions is not null && Await(portions.MoveNext))
        {
            _hasFound = true;
            WriteObject(portions.Current, enumerateCollection: true);
        }
    }

    private protected override void ProcessTask(CommandSession session, ImageTask task) => session.Pump.Start(
        async () => session.Pump.PostObject(await session.Client.GetAsync(task, session.Pump, session.StopToken).ConfigureAwait(false)), task);

    /// <summary>Nobody types a whole prompt: what was meant is a part of it.</summary>
    private string? Hint() => Prompt is [var text] && !WildcardPattern.ContainsWildcardCharacters(text)
        ? $"No task has the prompt '{TextSafety.Excerpt(text, 40)}'. Without wildcards that is the whole prompt; "
            + $"-Prompt '*{TextSafety.Excerpt(text, 40)}*' finds those that contain it."
        : null;

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
    /// Takes the names of statuses. The parameter is text because PowerShell completes an enumeration by itself, in the order
    /// of the alphabet and without a word of what its values mean.
    /// </summary>
    private sealed class ValidateStatusAttribute : ValidateEnumeratedArgumentsAttribute
    {
        protected override void ValidateElement(object element)
        {
            if (!LanguagePrimitives.TryConvertTo(element, out ImageTaskStatus _))
                throw new ValidationMetadataException($"'{TextSafety.Excerpt($"{element}")}' is not a status. Statuses: {string.Join(", ", Enum.GetNames(typeof(ImageTaskStatus)))}.");
        }
    }
}
