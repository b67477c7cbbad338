using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Asks once, now, how tasks stand; without tasks or ids, lists what the journal knows, the newest first.</summary>
[Cmdlet(VerbsCommon.Get, "NanoBananaTask", DefaultParameterSetName = JournalSet, SupportsPaging = true)]
[OutputType(typeof(ImageTask))]
public sealed class GetNanoBananaTaskCommand : TaskCmdlet
{
    private const string JournalSet = "Journal";

    /// <summary>Only tasks of these statuses.</summary>
    [Parameter(ParameterSetName = JournalSet)]
    [ValidateNotNullOrEmpty]
    [ValidateStatus]
    [ArgumentCompleter(typeof(StatusCompleter))]
    public string[]? Status { get; set; }

    /// <summary>Only tasks of these batches; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = JournalSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(BatchPatternCompleter))]
    [ValidateNotNullOrEmpty]
    public string[]? Batch { get; set; }

    /// <summary>Only tasks of these names; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = JournalSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>Only tasks of this service, whichever of its addresses they were submitted to.</summary>
    [Parameter(ParameterSetName = JournalSet)]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    [ValidateNotNull]
    public Uri? Endpoint { get; set; }

    /// <summary>Only tasks that were begun at this time or later.</summary>
    [Parameter(ParameterSetName = JournalSet)]
    [ValidateNotNull]
    public DateTime? After { get; set; }

    /// <summary>Only tasks that were begun before this time.</summary>
    [Parameter(ParameterSetName = JournalSet)]
    [ValidateNotNull]
    public DateTime? Before { get; set; }

    /// <summary>Only tasks whose pictures are paid for and not saved, and that no living process works on.</summary>
    [Parameter(ParameterSetName = JournalSet)]
    public SwitchParameter Unsaved { get; set; }

    /// <summary>Input that turns out to be empty asks for nothing, not for everything.</summary>
    private bool ListsJournal => ParameterSetName == JournalSet && !MyInvocation.ExpectingInput;

    private protected override ProgressStage Stage => ProgressStage.Asking;

    /// <summary>The journal is on this machine: it is read without a key.</summary>
    private protected override bool NeedsConnection => !ListsJournal;

    private protected override void EndProcessing(CommandSession session)
    {
        if (ListsJournal)
            OrTerminate(List);
    }

    private void List()
    {
        JournalFilter filter = Filter();
        JournalReader? journal = Await(Journal.Open);
        if (PagingParameters.IncludeTotalCount)
            WriteObject(PagingParameters.NewTotalCount((ulong)Await(() => journal?.Count(filter) ?? 0), 1.0));
        using IEnumerator<IReadOnlyList<ImageTask>>? portions = journal?.Portions(filter).GetEnumerator();
        while (portions is not null && Await(portions.MoveNext))
            WriteObject(portions.Current, enumerateCollection: true);
    }

    private protected override void ProcessTask(CommandSession session, ImageTask task) => session.Pump.Start(
        async () => session.Pump.PostObject(await session.Client.GetAsync(task, session.Pump, session.StopToken).ConfigureAwait(false)), task);

    private JournalFilter Filter() => new()
    {
        Status = Status?.Select(LanguagePrimitives.ConvertTo<ImageTaskStatus>).ToArray(),
        Batch = NameFilter(Batch),
        Name = NameFilter(Name),
        ExactName = Name is [var name] && !WildcardPattern.ContainsWildcardCharacters(name) ? WildcardPattern.Unescape(name) : null,
        NamePrefix = Name is [var pattern] ? pattern.Split('*', '?', '[', '`')[0] : null,
        Endpoint = Endpoint,
        After = After,
        Before = Before,
        Unsaved = Unsaved,
        Skip = (long)Math.Min(PagingParameters.Skip, long.MaxValue),
        First = (long)Math.Min(PagingParameters.First, long.MaxValue),
    };

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
