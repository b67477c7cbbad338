using NanoBanana.Client.Http;
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
        foreach (string wanted in Batch!)
        {
            Func<string, bool> matches = NameFilter(wanted)!;
            string[] names = [.. Await(() => journal?.Batches(name => name == wanted || matches(name)) ?? [])
                .Where(batch => Endpoint is null || KnownEndpoints.IsSame(batch.Endpoint, Endpoint))
                .Select(batch => batch.Name).Distinct(StringComparer.Ordinal)];
            foreach (string name in names)
                StopSubmitting(name);
            if (names.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(wanted))
                WriteError(NotFound(wanted).ToErrorRecord(wanted));
        }
    });

    private NanoBananaException NotFound(string wanted) => new(
        NanoBananaErrorKind.TaskNotFound, Messages.NoBatchToStop(wanted, Endpoint));

    private void StopSubmitting(string name)
    {
        if (ShouldProcess(Messages.BatchAt(name, Endpoint), Messages.StopSubmitting))
            Await(() => Journal.Require().StopAsync(name, Endpoint));
    }
}
