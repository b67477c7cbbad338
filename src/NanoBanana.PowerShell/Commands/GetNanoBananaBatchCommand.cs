using System.Management.Automation;
using NanoBanana.Binding;
using NanoBanana.Client.Journal;
using NanoBanana.Completion;
using NanoBanana.Connections;
using NanoBanana.Errors;
using NanoBanana.Pipeline;

namespace NanoBanana.Commands;

/// <summary>Tells how batches stand: counts by state, tokens, elapsed time, first error.</summary>
[Cmdlet(VerbsCommon.Get, "NanoBananaBatch")]
[OutputType(typeof(ImageBatch))]
public sealed class GetNanoBananaBatchCommand : ModuleCmdlet, IDisposable
{
    private readonly JournalLook _journal = new();

    /// <summary>The names of the batches, with wildcards; all when not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [Alias("Name")]
    [ArgumentCompleter(typeof(BatchPatternCompleter))]
    public string[]? Batch { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => this.OrTerminate(() =>
    {
        JournalReader? journal = _journal.Open();
        IReadOnlyList<JournalBatch> batches = journal?.Batches() ?? [];
        foreach (string wanted in Batch ?? ["*"])
            Write(journal, batches, wanted);
    });

    /// <summary>Closes the journal.</summary>
    public void Dispose() => _journal.Dispose();

    private void Write(JournalReader? journal, IReadOnlyList<JournalBatch> batches, string wanted)
    {
        string[] found = [.. batches.Select(batch => batch.Name).Where(NamePattern.Of(wanted)!)];
        foreach (string name in found)
            WriteObject(BatchSummary.Of(journal!, name, DateTimeOffset.UtcNow));
        if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(wanted))
            WriteError(new NanoBananaException(NanoBananaErrorKind.TaskNotFound, $"The journal has no batch '{wanted}'. Get-NanoBananaBatch without a name lists all.").ToErrorRecord(wanted));
    }
}
