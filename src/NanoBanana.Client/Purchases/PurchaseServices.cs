using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Polling;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Purchases;

/// <summary>The services that all purchases of a client share.</summary>
internal sealed class PurchaseServices(Submitter submitter, TaskPoller poller, NanoBananaClientOptions options, ServerClock? clock = null)
{
    /// <summary>The number of completed tasks that are read. The times of older tasks are not relevant for the service now.</summary>
    private const int TasksToLearnFrom = 100;

    /// <summary>Longer times are not used: they usually come from a script that ran again later.</summary>
    private static readonly TimeSpan LongestElapsed = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, bool> _keys = new(StringComparer.Ordinal);

    /// <summary>Shared by all copies from <see cref="With"/>.</summary>
    private StrongBox<int> _hasLearned = new();

    public Submitter Submitter => submitter;

    public TaskPoller Poller => poller;

    public NanoBananaClientOptions Options => options;

    /// <summary>The difference between the clocks of the service and of this machine, from answers.</summary>
    public ServerClock? Clock => clock;

    /// <summary>Whether a key is used for the first time. Used to write a warning once.</summary>
    public bool IsFirst(string key) => _keys.TryAdd(key, true);

    /// <summary>A copy with another journal.</summary>
    public PurchaseServices With(Func<JournalHandle> journal) =>
        new(submitter, poller, options with { Journal = journal }, clock) { _hasLearned = _hasLearned };

    /// <summary>
    /// Checks that a task was made at the endpoint and in the dialect of this client. An id is valid only there, and the key is sent only
    /// to its own host.
    /// </summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: it was made at another endpoint or in the other dialect.
    /// </exception>
    public void CheckOrigin(ImageTask task)
    {
        if (task.Endpoint is not null && !KnownEndpoints.IsSame(task.Endpoint, options.Endpoint))
            throw WrongOrigin(task, Messages.TaskOfAnotherEndpoint(task.Id, task.Endpoint, options.Endpoint));
        if (task.Protocol is { } protocol && protocol != options.Protocol)
            throw WrongOrigin(task, Messages.TaskOfAnotherProtocol(task.Id, protocol.ToString(), options.Protocol.ToString()));
    }

    /// <summary>Passes the completion times in the journal to the poller, once, in the background.</summary>
    public void LearnFromJournalOnce()
    {
        if (Interlocked.Exchange(ref _hasLearned.Value, 1) == 0)
        {
            // Polling works without these times. Commands that need the journal report its errors.
            Background.Run(() => Task.Run(LearnFromJournal), _ => { });
        }
    }

    internal void LearnFromJournal()
    {
        using JournalReader? journal = options.Journal().Read();
        poller.LearnFromHistory((journal?.LastCompleted(options.Endpoint, TasksToLearnFrom) ?? [])
            .Where(task => task.Elapsed > TimeSpan.Zero && task.Elapsed < LongestElapsed).Reverse());
    }

    private static NanoBananaException WrongOrigin(ImageTask task, string message) =>
        new(NanoBananaErrorKind.InvalidRequest, message) { TaskId = task.Id, Task = task };
}
