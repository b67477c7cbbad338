using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Polling;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Purchases;

/// <summary>What all purchases of a client share.</summary>
internal sealed class PurchaseServices(Submitter submitter, TaskPoller poller, NanoBananaClientOptions options, ServerClock? clock = null)
{
    /// <summary>Older tasks say little about the service of today.</summary>
    private const int TasksRecalled = 100;

    /// <summary>A task that was seen to end so late was more likely found late, by a script that was run again.</summary>
    private static readonly TimeSpan LongestElapsed = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, bool> _batches = new(StringComparer.Ordinal);

    /// <summary>Shared by all views of one client.</summary>
    private StrongBox<int> _hasRecalled = new();

    public Submitter Submitter => submitter;

    public TaskPoller Poller => poller;

    public NanoBananaClientOptions Options => options;

    /// <summary>What answers tell about the clock of this machine.</summary>
    public ServerClock? Clock => clock;

    /// <summary>Whether a batch is asked about for the first time here.</summary>
    public bool IsFirstOf(string batch) => _batches.TryAdd(batch, true);

    /// <summary>The same with another journal.</summary>
    public PurchaseServices With(Func<JournalHandle> journal) => new(submitter, poller, options with { Journal = journal }, clock) { _hasRecalled = _hasRecalled };

    /// <summary>
    /// Checks that a task was made where this client leads, and in its dialect: an id means nothing elsewhere, and the key is
    /// for its own host.
    /// </summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it was made elsewhere.</exception>
    public void CheckOrigin(ImageTask task)
    {
        if (task.Endpoint is not null && !KnownEndpoints.IsSame(task.Endpoint, options.Endpoint))
            throw Elsewhere(task, $"was made at {task.Endpoint} and this connection leads to {options.Endpoint}. Connect there");
        if (task.Protocol is { } protocol && protocol != options.Protocol)
            throw Elsewhere(task, $"was made under the protocol {protocol} and this connection speaks {options.Protocol}. Connect with -Protocol {protocol}");
    }

    /// <summary>Gives the schedule of polls the completion times of the journal, once, in the background.</summary>
    public void RecallOnce()
    {
        if (Interlocked.Exchange(ref _hasRecalled.Value, 1) == 0)
        {
            // The schedule learns without it; what is wrong with the file is told by those who need it.
            Background.Run(() => Task.Run(Recall), _ => { });
        }
    }

    internal void Recall()
    {
        using JournalReader? journal = options.Journal().Read();
        poller.Recall((journal?.LastCompleted(options.Endpoint, TasksRecalled) ?? [])
            .Where(task => task.Elapsed > TimeSpan.Zero && task.Elapsed < LongestElapsed).Reverse());
    }

    private static NanoBananaException Elsewhere(ImageTask task, string where) =>
        new(NanoBananaErrorKind.InvalidRequest, $"Task {task.Id} {where}, or give that connection with -Connection.") { TaskId = task.Id, Task = task };
}
