using System.Collections;

namespace NanoBanana.Completion;

/// <summary>The ids of recent tasks, newest first, with their prompts.</summary>
public sealed class TaskIdCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        RecentTasks.OfThisRunspace.NewestFirst().Select(task => new Candidate(task.Id, task.Description));
}
