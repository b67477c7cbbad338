using System.Globalization;

namespace NanoBanana;

/// <summary>
/// One run of <c>New-NanoBananaImage</c>, including the later commands of its pipeline. The counts are correct at any time, and final when
/// the pipeline has ended. Each requested prompt is saved, failed, unknown, skipped, unsaved, or still being sent.
/// </summary>
public sealed class ImageRun
{
    private readonly ImageRun _whole;
    private readonly Func<DateTimeOffset> _now;
    private readonly object _lock;
    private readonly List<ImageRun> _parts = [];
    private readonly int[] _states = new int[Enum.GetValues(typeof(ImageRunState)).Length];
    private readonly int[] _causes = new int[RunExitCode.ServiceDown + 1];
    private DateTimeOffset? _endedAt;
    private NanoBananaErrorKind? _reason;
    private int _stopCode;
    private bool _endedEarly;
    private bool _isStored = true;

    /// <summary>Starts a run.</summary>
    /// <param name="now">Returns the current time.</param>
    internal ImageRun(Func<DateTimeOffset> now)
    {
        (_whole, _now, _lock) = (this, now, new object());
        (Id, StartedAt) = (Guid.NewGuid().ToString("N"), now());
    }

    /// <summary>The part of a run that belongs to one batch.</summary>
    private ImageRun(ImageRun whole, string batch)
    {
        (_whole, _now, _lock) = (whole, whole._now, whole._lock);
        Id = whole._parts.Count == 0 ? whole.Id : string.Format(CultureInfo.InvariantCulture, "{0}/{1}", whole.Id, whole._parts.Count);
        (Batch, StartedAt) = (batch, whole.StartedAt);
    }

    /// <summary>A run that was read from the journal.</summary>
    internal ImageRun(string id, DateTimeOffset startedAt, DateTimeOffset? endedAt, NanoBananaErrorKind? reason, int? exitCode)
        : this(() => DateTimeOffset.UtcNow)
    {
        (Id, StartedAt, _endedAt, _reason, RecordedExitCode) = (id, startedAt, endedAt, reason, exitCode);
    }

    /// <summary>The identifier of the run in the journal.</summary>
    public string Id { get; }

    /// <summary>The name of the batch; <see langword="null"/> for a run without a batch, or with several.</summary>
    public string? Batch { get; internal set; }

    /// <summary>The endpoint of the requests.</summary>
    public Uri? Endpoint { get => _whole == this ? field : _whole.Endpoint; internal set; }

    /// <summary>The start time of the run.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The time when the pipeline ended; <see langword="null"/> while it runs, and for a run whose process was killed.</summary>
    public DateTimeOffset? EndedAt => _whole._endedAt;

    /// <summary>
    /// The time from the start to the end, or to now while the run continues; <see langword="null"/> for a run whose process was killed.
    /// </summary>
    public TimeSpan? Elapsed => EndedAt is { } end ? end - StartedAt : IsRunning ? _now() - StartedAt : null;

    /// <summary>Whether the run continues.</summary>
    public bool IsRunning => EndedAt is null && RecordedExitCode is null;

    /// <summary>The number of requested prompts.</summary>
    public int Asked { get; internal set; }

    /// <summary>The number of tasks that the service accepted in this run.</summary>
    public int Bought { get; internal set; }

    /// <summary>The number of tasks that an earlier run of the batch submitted, so that they were not submitted again.</summary>
    public int Held { get; internal set; }

    /// <summary>The number of tasks that have all of their images saved.</summary>
    public int Saved { get => _states[(int)ImageRunState.Saved]; internal set => _states[(int)ImageRunState.Saved] = value; }

    /// <summary>The number of prompts that were rejected, and of tasks that failed, were canceled or have no image.</summary>
    public int Failed { get => _states[(int)ImageRunState.Failed]; internal set => _states[(int)ImageRunState.Failed] = value; }

    /// <summary>The number of prompts that were sent and have an unknown outcome.</summary>
    public int Unknown { get => _states[(int)ImageRunState.Unknown]; internal set => _states[(int)ImageRunState.Unknown] = value; }

    /// <summary>The number of prompts that were not sent, because the submissions had ended.</summary>
    public int Skipped { get => _states[(int)ImageRunState.Skipped]; internal set => _states[(int)ImageRunState.Skipped] = value; }

    /// <summary>The number of tasks that are paid for, have not failed, and are not saved.</summary>
    public int Unsaved { get => _states[(int)ImageRunState.Paid]; internal set => _states[(int)ImageRunState.Paid] = value; }

    /// <summary>The tokens of the tasks of this run that have ended.</summary>
    public long TotalTokens { get; internal set; }

    /// <summary>
    /// The cost of the tasks of this run that have ended, in the provider's unit; <see langword="null"/> if the provider does not report
    /// it.
    /// </summary>
    public decimal? Cost { get; internal set; }

    /// <summary>The reason why the submissions ended early; <see langword="null"/> if they did not.</summary>
    public NanoBananaErrorKind? Reason => _whole._reason;

    /// <summary>
    /// The exit code for a script: 0 all saved, 1 error, 3 some prompts failed, 4 some outcomes are unknown, 5 a budget or limit was
    /// reached, 6 the key or the account was rejected, 7 the service is not available, 129, 130 or 143 stopped. Treat any other number as a
    /// failure.
    /// </summary>
    public int ExitCode
    {
        get
        {
            lock (_lock)
            {
                if (RecordedExitCode is { } recorded)
                    return recorded;
                if (_whole._stopCode != 0)
                    return _whole._stopCode;
                if (_whole._reason is { } reason)
                    return RunExitCode.Of(reason);
                int cause = Array.Find(RunExitCode.ByImportance, code => _causes[code] > 0);
                bool isComplete = !IsRunning && !_whole._endedEarly && Saved == Asked;
                return cause != 0 ? cause : isComplete ? 0 : RunExitCode.Error;
            }
        }
    }

    /// <summary>The number of prompts that were rejected, so that nothing is paid for.</summary>
    internal int Refused { get; set; }

    /// <summary>The exit code from the journal; null for a run of this process.</summary>
    internal int? RecordedExitCode { get; }

    /// <summary>The id of the whole run. All tasks of the run have it in the journal.</summary>
    internal string WholeId => _whole.Id;

    /// <summary>Whether the journal has an entry for the run.</summary>
    internal bool HasEntry { get; set; }

    /// <summary>Writes the run to the journal; null if the journal has no entry for it.</summary>
    internal Func<Task>? Store { private get; set; }

    /// <summary>The part of the run that belongs to a batch; the run itself without a batch.</summary>
    internal ImageRun ForBatch(string? batch)
    {
        if (batch is null)
            return this;
        lock (_lock)
        {
            ImageRun? part = _parts.Find(known => known.Batch == batch);
            if (part is null)
                _parts.Add(part = new ImageRun(this, batch));
            Batch = _parts.Count == 1 ? batch : null;
            return part;
        }
    }

    /// <summary>Adds a requested prompt.</summary>
    internal ImageRunItem AddItem() => new(this);

    /// <summary>Records that the submissions ended before all prompts were sent.</summary>
    internal void EndSubmitting(NanoBananaErrorKind reason) => Change(() => _whole._reason ??= reason);

    /// <summary>Records that the user or the system stopped the run.</summary>
    /// <param name="exitCode">128 plus the number of the signal.</param>
    internal void Stop(int exitCode) =>
        Change(() => _whole._stopCode = _whole._endedAt is null && _whole._stopCode == 0 ? exitCode : _whole._stopCode);

    /// <summary>Records the end of the pipeline.</summary>
    /// <param name="isEarly">Whether it ended before all work was done.</param>
    internal void End(bool isEarly) => Change(() =>
    {
        _whole._endedEarly |= isEarly && _whole._endedAt is null;
        _whole._endedAt ??= _now();
    });

    /// <summary>Writes the changes since the last call to the journal.</summary>
    internal async Task StoreAsync()
    {
        ImageRun[] changed;
        lock (_lock)
        {
            changed = [.. _whole._parts.Where(part => part.Store is not null && !_whole._isStored)];
            _whole._isStored = true;
        }
        foreach (ImageRun part in changed)
            await part.Store!().ConfigureAwait(false);
    }

    /// <summary>Changes the counts of this part and of the whole run atomically.</summary>
    internal void Count(Action<ImageRun> change)
    {
        lock (_lock)
        {
            change(this);
            if (_whole != this)
                change(_whole);
            _whole._isStored = false;
        }
    }

    /// <summary>Moves a prompt from one state and cause to another.</summary>
    internal void Move(ref ImageRunState state, ref int cause, ImageRunState toState, int toCause)
    {
        lock (_lock)
        {
            Move(state, cause, toState, toCause);
            if (_whole != this)
                _whole.Move(state, cause, toState, toCause);
            (state, cause) = (toState, toCause);
            _whole._isStored = false;
        }
    }

    private void Move(ImageRunState from, int fromCause, ImageRunState to, int toCause)
    {
        _states[(int)from]--;
        _states[(int)to]++;
        _causes[fromCause]--;
        _causes[toCause]++;
    }

    /// <summary>Counts a new prompt.</summary>
    internal void Add()
    {
        Asked++;
        _states[(int)ImageRunState.Sending]++;
        _causes[0]++;
    }

    /// <summary>Makes a change atomically.</summary>
    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _whole._isStored = false;
        }
    }

    /// <summary>The counts in one line.</summary>
    public override string ToString() => string.Format(
        CultureInfo.InvariantCulture,
        "{0} asked, {1} bought, {2} held, {3} saved, {4} failed, {5} unknown, {6} skipped; {7} tokens; exit code {8}",
        Asked, Bought, Held, Saved, Failed, Unknown, Skipped, TotalTokens, ExitCode);
}
