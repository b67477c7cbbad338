using System.Collections;
using System.Management.Automation.Language;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;

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
        return [.. (journal?.Batches() ?? []).Select(batch => batch.Name).Distinct().Take(Shown)
            .Select(name => Describe(name, journal!.Extent(name)))];
    }

    private Candidate Describe(string name, (DateTimeOffset Begun, long Tasks) batch)
    {
        string what = FormattableString.Invariant(
            $"{batch.Tasks} {(batch.Tasks == 1 ? "task" : "tasks")}; begun {batch.Begun.ToLocalTime():yyyy-MM-dd HH:mm}");
        return new Candidate(Spell(name), what, $"{name}  {what}");
    }
}

/// <summary>The batches for a parameter that takes wildcards: a name with brackets in it is offered so that it means itself.</summary>
internal sealed class BatchPatternCompleter : BatchCompleter
{
    private protected override string Spell(string batch) => WildcardPattern.Escape(batch);
}

/// <summary>The names of recent tasks of the journal, the newest first, with prompt and age.</summary>
internal class NameCompleter : ValueCompleter
{
    private const int Shown = 50;

    /// <summary>A name as the parameter takes it.</summary>
    private protected virtual string Spell(string name) => name;

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        using JournalReader? journal = JournalAccess.Glance();
        WildcardPattern[] batches = LanguagePrimitives.TryConvertTo(bound["Batch"], out string[]? given) && given is not null
            ? [.. given.Select(batch => WildcardPattern.Get(batch, WildcardOptions.IgnoreCase))] : [];
        var filter = new JournalFilter
        {
            First = RecentTask.Shown,
            Name = _ => true,
            Batch = batches.Length == 0 ? null : name => batches.Any(batch => batch.IsMatch(name)),
        };
        return [.. (journal?.List(filter) ?? []).GroupBy(task => task.Name!).Take(Shown)
            .Select(same => (Name: same.Key, Task: RecentTask.From(same.First(), known: null)))
            .Select(named => new Candidate(Spell(named.Name), named.Task.Description, named.Task.LabelOf(named.Name)))];
    }
}

/// <summary>The names for a parameter that takes wildcards.</summary>
internal sealed class NamePatternCompleter : NameCompleter
{
    private protected override string Spell(string name) => WildcardPattern.Escape(name);
}

/// <summary>
/// The ids of recent tasks with prompt and age: those of this session, then those of the journal, each newest first. An id of another
/// service, or one that the service said it does not know, leads to an error and is not offered.
/// </summary>
internal class TaskIdCompleter : ValueCompleter
{
    /// <summary>Whether the command takes tasks of all services.</summary>
    private protected virtual bool OffersAll => false;

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        RecentTasks recent = RunspaceData.Current.RecentTasks;
        Uri? service = OffersAll ? null : RunspaceData.Current.Endpoint;
        return recent.NewestFirst().Concat(OfTheJournal(service))
            .Where(task => service is null || task.Endpoint is null || KnownEndpoints.IsSame(task.Endpoint, service))
            .Where(task => OffersAll || !recent.IsUnknown(task.Id))
            .GroupBy(task => task.Id).Select(same => same.First())
            .Select(task => new Candidate(task.Id, task.Description, task.LabelOf(task.Id)));
    }

    private static List<RecentTask> OfTheJournal(Uri? service)
    {
        try
        {
            using JournalReader? journal = JournalAccess.Glance();
            return [.. (journal?.List(new JournalFilter { Endpoint = service, First = RecentTask.Shown }) ?? [])
                .Where(task => task.Id.Length > 0).Select(task => RecentTask.From(task, known: null))];
        }
        catch (NanoBananaException)
        {
            // A journal that can't be read takes nothing from what this session knows.
            return [];
        }
    }
}

/// <summary>
/// Ids for the first argument of a command that takes a task or an id there. PowerShell asks for both parameters and
/// shows all that it gets, so this one stands on both and answers once: for the task where no parameter is named, for
/// the id where it is.
/// </summary>
internal class FirstIdCompleter : TaskIdCompleter
{
    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        bool isNamed = commandAst.CommandElements.OfType<CommandParameterAst>().Any(given => parameterName.StartsWith(given.ParameterName, StringComparison.OrdinalIgnoreCase));
        // Null, unlike an empty list, says that this parameter has nothing to do with the word.
        return isNamed == (parameterName == "Id") ? base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters) : null!;
    }
}

/// <summary>The same for a command that asks no service: the journal has tasks of all.</summary>
internal sealed class EntryIdCompleter : FirstIdCompleter
{
    private protected override bool OffersAll => true;
}

/// <summary>The statuses of tasks in the order in which they are gone through.</summary>
internal sealed class StatusCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        Enum.GetValues(typeof(ImageTaskStatus)).Cast<ImageTaskStatus>().Select(status => new Candidate(status.ToString(), Meaning(status)));

    private static string Meaning(ImageTaskStatus status) => status switch
    {
        ImageTaskStatus.Submitting => "Being sent at this moment",
        ImageTaskStatus.Unknown => "Sent, and no answer came: it may have been bought",
        ImageTaskStatus.Pending => "Accepted, not begun yet",
        ImageTaskStatus.Running => "Being made",
        ImageTaskStatus.Completed => "Done: its images can be saved",
        ImageTaskStatus.Failed => "Ended without an image, with the reason in Error",
        ImageTaskStatus.Canceled => "Stopped before it was done",
        _ => status.ToString(),
    };
}
