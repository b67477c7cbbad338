using System.Collections;
using System.Globalization;
using NanoBanana.Client.Journal;
using NanoBanana.Connections;

namespace NanoBanana.Completion;

/// <summary>The batches of the journal, the newest first, with how they stand.</summary>
internal class BatchCompleter : ValueCompleter
{
    private const int Shown = 50;

    /// <summary>A batch's name as the parameter takes it.</summary>
    private protected virtual string Spell(string batch) => batch;

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        using JournalReader? journal = JournalAccess.Glance();
        return [.. (journal?.Batches() ?? []).GroupBy(batch => batch.Name).Select(same => same.First()).Take(Shown).Select(batch => new Candidate(Spell(batch.Name), string.Format(
            CultureInfo.InvariantCulture, "{0} of {1} completed, {2} failed; begun {3:yyyy-MM-dd HH:mm}",
            batch.Completed, batch.Total, batch.Failed, batch.Begun.ToLocalTime())))];
    }
}
