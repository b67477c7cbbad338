using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Tells the running commands of a batch, in whichever process, to stop buying.</summary>
[Cmdlet(VerbsLifecycle.Stop, "NanoBananaBatch", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopNanoBananaBatchCommand : NanoBananaCmdlet
{
    /// <summary>The names of the batches, with wildcards.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The names of the batches.")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Alias("Name")]
    [ArgumentCompleter(typeof(BatchPatternCompleter))]
    public string[]? Batch { get; set; }

    /// <summary>Only what is bought at this service, whichever of its addresses it goes to.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "Stops only the runs that use this service.")]
    [ArgumentCompleter(typeof(EndpointCompleter))]
    public Uri? Endpoint { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => OrTerminate(() =>
    {
        JournalReader? journal = Await(() => Journal.Open());
        foreach (string wanted in Batch!)
        {
            Func<string, bool> fits = NameFilter(wanted)!;
            string[] names = [.. Await(() => journal?.Batches(name => name == wanted || fits(name)) ?? [])
                .Where(batch => Endpoint is null || KnownEndpoints.IsSame(batch.Endpoint, Endpoint))
                .Select(batch => batch.Name).Distinct(StringComparer.Ordinal)];
            foreach (string name in names)
                StopBuying(name);
            if (names.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(wanted))
                WriteError(NotFound(wanted).ToErrorRecord(wanted));
        }
    });

    private NanoBananaException NotFound(string wanted) => new(
        NanoBananaErrorKind.TaskNotFound,
        $"The journal has no batch '{TextSafety.Excerpt(wanted)}'{(Endpoint is null ? "" : $" at {Endpoint}")}, so nothing was stopped. "
        + "Get-NanoBananaBatch lists all.");

    private void StopBuying(string name)
    {
        if (ShouldProcess(Endpoint is null ? name : $"{name} at {Endpoint}", "Stop buying"))
        {
            Await(async () =>
            {
                await Journal.Require().StopAsync(name, Endpoint).ConfigureAwait(false);
                return true;
            });
        }
    }
}
