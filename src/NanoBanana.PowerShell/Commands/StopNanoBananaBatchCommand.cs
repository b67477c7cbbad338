using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Stops the submissions of all running commands of a batch, in all processes.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NanoBananaBatch", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopNanoBananaBatchCommand : NanoBananaCmdlet
{
    /// <summary>The names of the batches, with wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The names of batches.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Alias("Name")]
    [ArgumentCompleter(typeof(BatchPatternCompleter))]
    public string[]? Batch { get; set; }

    /// <summary>Stops only the runs that use this service, regardless of which of its addresses they use.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "Stops only the runs that use this service.")]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public Uri? Endpoint { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => TerminateOnError(() =>
    {
        JournalReader? journal = Await(() => Journal.Open());
        foreach (string pattern in Batch!)
        {
            string[] names = BatchNames(journal, name => name == pattern);
            // A batch with exactly this name has priority, because brackets are common in names.
            if (names.Length == 0)
                names = BatchNames(journal, NameFilter(pattern)!);
            foreach (string name in names)
                StopSubmitting(name);
            if (names.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(pattern))
                WriteError(NotFound(pattern).ToErrorRecord(pattern));
        }
    });

    private string[] BatchNames(JournalReader? journal, Func<string, bool> isMatch) =>
        [.. FindBatches(journal, isMatch, Endpoint).Select(batch => batch.Name).Distinct(StringComparer.Ordinal)];

    private NanoBananaException NotFound(string pattern) => new(
        NanoBananaErrorKind.TaskNotFound, Messages.NoBatchToStop(pattern, Endpoint));

    private void StopSubmitting(string name)
    {
        if (ShouldProcess(Messages.BatchAt(name, Endpoint), Messages.StopSubmitting))
            Await(() => Journal.Require().StopAsync(name, Endpoint));
    }
}
