using System.Collections;
using NanoBanana.Client.Journal;
using NanoBanana.Connections;

namespace NanoBanana.Completion;

/// <summary>The ids of recent tasks with their prompts: those of this session, then those of the journal, each newest first.</summary>
internal sealed class TaskIdCompleter : ValueCompleter
{
    private const int Shown = 100;

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        RecentTasks.OfThisRunspace.NewestFirst().Concat(OfTheJournal())
            .GroupBy(task => task.Id).Select(same => same.First())
            .Select(task => new Candidate(task.Id, task.Description));

    private static List<RecentTask> OfTheJournal()
    {
        try
        {
            using JournalReader? journal = JournalAccess.Glance();
            return [.. (journal?.List(new JournalFilter { First = Shown }) ?? []).Where(task => task.Id.Length > 0).Select(task => RecentTask.From(task, known: null))];
        }
        catch (NanoBananaException)
        {
            // A journal that can't be read takes nothing from what this session knows.
            return [];
        }
    }
}
