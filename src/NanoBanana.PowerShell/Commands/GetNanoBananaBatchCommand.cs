using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Gets the status of batches: counts by status, tokens, elapsed time and the first error.</summary>
[Cmdlet(VerbsCommon.Get, "NanoBananaBatch")]
[OutputType(typeof(ImageBatch))]
public sealed class GetNanoBananaBatchCommand : NanoBananaCmdlet
{
    /// <summary>The names of the batches, with wildcards. The default is all batches.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The names of batches.")]
    [SupportsWildcards]
    [Alias("Name")]
    [ArgumentCompleter(typeof(BatchPatternCompleter))]
    public string[]? Batch { get; set; }

    /// <summary>Only batches of this service, regardless of which of its addresses was used.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "Only batches of this service.")]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public Uri? Endpoint { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Batch)) && HasNoName)
            ThrowTerminatingError(NoName());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TerminateOnError(() =>
    {
        // For a task without a batch, the command returns nothing, not all batches.
        if (HasNoName && MyInvocation.ExpectingInput)
        {
            WriteVerbose(Messages.InputHasNoBatch);
            return;
        }
        JournalReader? journal = Await(() => Journal.Open());
        foreach (string pattern in Batch ?? ["*"])
        {
            if (string.IsNullOrWhiteSpace(pattern))
                WriteError(NoName());
            else
                Write(journal, pattern);
        }
    });

    private ErrorRecord NoName() =>
        new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.BatchNameIsEmpty).ToErrorRecord(Batch);

    private bool HasNoName => Batch is null || Batch.All(string.IsNullOrWhiteSpace);

    private void Write(JournalReader? journal, string pattern)
    {
        // A batch from the pipeline has its exact name, in which brackets are not a pattern.
        (string Name, Uri? Endpoint)[] found = MyInvocation.ExpectingInput
            ? FindBatches(journal, name => name == pattern, Endpoint) : [];
        if (found.Length == 0)
            found = FindBatches(journal, NameFilter(pattern), Endpoint);
        foreach ((string name, Uri? endpoint) in found)
            WriteObject(Await(() => journal!.Summary(name, endpoint)));
        // A batch without submissions has a run and no tasks.
        if (found.Length == 0 && Await(() => journal?.Summary(pattern, Endpoint)) is { } empty)
            WriteObject(empty);
        else if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(pattern))
            WriteError(new NanoBananaException(NanoBananaErrorKind.TaskNotFound, Messages.BatchNotFound(pattern)).ToErrorRecord(pattern));
    }
}
