using System.Collections;
using System.Management.Automation.Language;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;

namespace NanoBanana.Completion;

/// <summary>The batches of the journal, the newest first, with their number of tasks and their start.</summary>
internal class BatchCompleter : ValueCompleter
{
    private const int MaximumCandidates = 50;

    /// <summary>The name of a batch in the form that the parameter accepts.</summary>
    private protected virtual string ToArgument(string batch) => batch;

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        using JournalReader? journal = JournalAccess.ReadNow();
        return [.. (journal?.Batches() ?? []).Select(batch => batch.Name).Distinct().Take(MaximumCandidates)
            .Select(name => Describe(name, journal!.Extent(name)))];
    }

    private Candidate Describe(string name, (DateTimeOffset Start, long Tasks) batch)
    {
        string what = Messages.BatchTip(batch.Tasks, batch.Start);
        return new Candidate(ToArgument(name), what, $"{name}  {what}");
    }
}

/// <summary>The batches for a parameter that accepts wildcards. Brackets in a name are escaped.</summary>
internal sealed class BatchPatternCompleter : BatchCompleter
{
    private protected override string ToArgument(string batch) => WildcardPattern.Escape(batch);
}

/// <summary>The names of recent tasks of the journal, the newest first, with prompt and age.</summary>
internal class NameCompleter : ValueCompleter
{
    private const int MaximumCandidates = 50;

    /// <summary>A name in the form that the parameter accepts.</summary>
    private protected virtual string ToArgument(string name) => name;

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        using JournalReader? journal = JournalAccess.ReadNow();
        WildcardPattern[] batches = LanguagePrimitives.TryConvertTo(bound["Batch"], out string[]? given) && given is not null
            ? [.. given.Select(batch => WildcardPattern.Get(batch, WildcardOptions.IgnoreCase))] : [];
        var filter = new JournalFilter
        {
            First = RecentTask.MaximumRead,
            Name = _ => true,
            Batch = batches.Length == 0 ? null : name => batches.Any(batch => batch.IsMatch(name)),
        };
        return [.. (journal?.List(filter) ?? []).GroupBy(task => task.Name!).Take(MaximumCandidates)
            .Select(group => (Name: group.Key, Task: RecentTask.From(group.First(), known: null)))
            .Select(named => new Candidate(ToArgument(named.Name), named.Task.Description, named.Task.LabelOf(named.Name)))];
    }
}

/// <summary>The names for a parameter that accepts wildcards.</summary>
internal sealed class NamePatternCompleter : NameCompleter
{
    private protected override string ToArgument(string name) => WildcardPattern.Escape(name);
}

/// <summary>
/// The ids of recent tasks with prompt and age: first the tasks of this session, then the tasks of the journal, each the newest first. An
/// id of another service, or one that the service does not have, would be an error and is not offered.
/// </summary>
internal class TaskIdCompleter : ValueCompleter
{
    /// <summary>Whether the command accepts tasks of all services.</summary>
    private protected virtual bool OffersAll => false;

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        RecentTasks recent = RunspaceData.Current.RecentTasks;
        Uri? service = OffersAll ? null : RunspaceData.Current.Endpoint;
        return recent.NewestFirst().Concat(TasksOfJournal(service))
            .Where(task => service is null || task.Endpoint is null || KnownEndpoints.IsSame(task.Endpoint, service))
            .Where(task => OffersAll || !recent.IsNotFound(task.Id))
            .GroupBy(task => task.Id).Select(group => group.First())
            .Select(task => new Candidate(task.Id, task.Description, task.LabelOf(task.Id)));
    }

    private static List<RecentTask> TasksOfJournal(Uri? service)
    {
        try
        {
            using JournalReader? journal = JournalAccess.ReadNow();
            return [.. (journal?.List(new JournalFilter { Endpoint = service, First = RecentTask.MaximumRead }) ?? [])
                .Where(task => task.Id.Length > 0).Select(task => RecentTask.From(task, known: null))];
        }
        catch (NanoBananaException)
        {
            // If the journal can't be read, the tasks of this session are still offered.
            return [];
        }
    }
}

/// <summary>
/// Ids for the first argument of a command, which is a task or an id. PowerShell completes both parameters and shows all results. So this
/// completer is on both parameters, and returns results only for -Task if no parameter is named, and only for -Id if it is named.
/// </summary>
internal class FirstIdCompleter : TaskIdCompleter
{
    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        bool isNamed = commandAst.CommandElements.OfType<CommandParameterAst>()
            .Any(given => parameterName.StartsWith(given.ParameterName, StringComparison.OrdinalIgnoreCase));
        // Null, unlike an empty list, means that the word does not belong to this parameter.
        return isNamed == (parameterName == "Id")
            ? base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters)
            : null!;
    }
}

/// <summary>Ids for a command that uses only the journal, which has tasks of all services.</summary>
internal sealed class EntryIdCompleter : FirstIdCompleter
{
    private protected override bool OffersAll => true;
}

/// <summary>The statuses of tasks in the order of a task's life.</summary>
internal sealed class StatusCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        Enum.GetValues(typeof(ImageTaskStatus)).Cast<ImageTaskStatus>()
            .Select(status => new Candidate(status.ToString(), Messages.StatusTip(status)));
}
