using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Tells how batches stand: counts by state, tokens, elapsed time, first error.</summary>
[Cmdlet(VerbsCommon.Get, "NanoBananaBatch")]
[OutputType(typeof(ImageBatch))]
public sealed class GetNanoBananaBatchCommand : NanoBananaCmdlet
{
    /// <summary>The names of the batches, with wildcards; all when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The names of batches.")]
    [SupportsWildcards]
    [Alias("Name")]
    [ArgumentCompleter(typeof(BatchPatternCompleter))]
    public string[]? Batch { get; set; }

    /// <summary>Only batches at this service, whichever of its addresses they were submitted to.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "Only batches of this service.")]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public Uri? Endpoint { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Batch)) && NamesNone)
            ThrowTerminatingError(NoName());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrTerminate(() =>
    {
        // A task without a batch asks for its batch, which is none, and not for all of them.
        if (NamesNone && MyInvocation.ExpectingInput)
        {
            WriteVerbose("An input object has no batch; nothing is written for it.");
            return;
        }
        JournalReader? journal = Await(() => Journal.Open());
        foreach (string wanted in Batch ?? ["*"])
        {
            if (string.IsNullOrWhiteSpace(wanted))
                WriteError(NoName());
            else
                Write(journal, wanted);
        }
    });

    private ErrorRecord NoName() => new NanoBananaException(
        NanoBananaErrorKind.InvalidRequest,
        "The name of the batch is empty. Give a name, or leave -Batch out to get all batches.").ToErrorRecord(Batch);

    private bool NamesNone => Batch is null || Batch.All(string.IsNullOrWhiteSpace);

    private void Write(JournalReader? journal, string wanted)
    {
        (string Name, Uri? Endpoint)[] found =
            [.. Await(() => journal?.Batches(NameFilter(wanted)) ?? []).Where(batch => Endpoint is null || KnownEndpoints.IsSame(batch.Endpoint, Endpoint))];
        foreach ((string name, Uri? endpoint) in found)
            WriteObject(Await(() => journal!.Summary(name, endpoint)));
        // A batch of which nothing was bought has a run and no tasks.
        if (found.Length == 0 && Await(() => journal?.Summary(wanted, Endpoint)) is { } empty)
            WriteObject(empty);
        else if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(wanted))
            WriteError(new NanoBananaException(NanoBananaErrorKind.TaskNotFound, $"The journal has no batch '{TextSafety.Excerpt(wanted)}'. Get-NanoBananaBatch without a name lists all.").ToErrorRecord(wanted));
    }
}
