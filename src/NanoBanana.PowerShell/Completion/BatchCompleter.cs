using System.Collections;
using NanoBanana.Connections;

namespace NanoBanana.Completion;

/// <summary>The names of the batches in the journal, newest first.</summary>
public sealed class BatchCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        JournalAccess.Find()?.Reader.Batches().Select(name => new Candidate(name, $"The run that was named {name}")) ?? [];
}
