using System.Globalization;

namespace NanoBanana;

/// <summary>
/// One run of <c>New-NanoBananaImage</c> with all that its pipeline does. Its numbers are right at any moment, and final when the
/// whole pipeline has ended. Each prompt that was asked for is saved, failed, unknown, skipped, unsaved, or still being sent.
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

    /// <summary>Begins a run.</summary>
    /// <param name="now">Gives the time.</param>
    internal ImageRun(Func<DateTimeOffset> now)
    {
        (_whole, _now, _lock) = (this, now, new object());
        (Id, StartedAt) = (Guid.NewGuid().ToString("N"), now());
    }

    /// <summary>The part of a run that is of one batch.</summary>
    private ImageRun(ImageRun whole, string batch)
    {
        (_whole, _now, _lock) = (whole, whole._now, whole._lock);
        Id = whole._parts.Count == 0 ? whole.Id : string.Format(CultureInfo.InvariantCulture, "{0}/{1}", whole.Id, whole._parts.Count);
        (Batch, StartedAt) = (batch, whole.StartedAt);
    }

    /// <summary>A run as the journal has it.</summary>
    internal ImageRun(string id, DateTimeOffset startedAt, DateTimeOffset? endedAt, NanoBananaErrorKind? reason, int? exitCode)
        : this(() => DateTimeOffset.UtcNow)
    {
        (Id, StartedAt, _endedAt, _reason, RecordedExitCode) = (id, startedAt, endedAt, reason, exitCode);
    }

    /// <summary>The identifier of the run in the journal.</summary>
    public string Id { get; }

    /// <summary>The batch; <see langword="null"/> for a run without one, and for one of several.</summary>
    public string? Batch { get; internal set; }

    /// <summary>The endpoint that prompts were sent to.</summary>
    public Uri? Endpoint { get => _whole == this ? field : _whole.Endpoint; internal set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>When its pipeline ended; <see langword="null"/> while it runs, and for a run whose process ended without a word.</summary>
    public DateTimeOffset? EndedAt => _whole._endedAt;

    /// <summary>From the beginning to the end, or to now while it runs.</summary>
    public TimeSpan? Elapsed => EndedAt is { } end ? end - StartedAt : IsRunning ? _now() - StartedAt : null;

    /// <summary>Whether it goes on.</summary>
    public bool IsRunning => EndedAt is null && RecordedExitCode is null;

    /// <summary>Prompts that were asked for.</summary>
    public int Asked { get; internal set; }

    /// <summary>Tasks that were bought.</summary>
    public int Bought { get; internal set; }

    /// <summary>Tasks that an earlier run of the batch had bought, so that they were not bought again.</summary>
    public int Held { get; internal set; }

    /// <summary>Tasks of which every image is saved.</summary>
    public int Saved { get => _states[(int)ImageRunState.Saved]; internal set => _states[(int)ImageRunState.Saved] = value; }

    /// <summary>Prompts that were refused, and tasks that failed, were canceled or made no image.</summary>
    public int Failed { get => _states[(int)ImageRunState.Failed]; internal set => _states[(int)ImageRunState.Failed] = value; }

    /// <summary>Prompts that were sent and whose outcome is unknown.</summary>
    public int Unknown { get => _states[(int)ImageRunState.Unknown]; internal set => _states[(int)ImageRunState.Unknown] = value; }

    /// <summary>Prompts that were not sent, because submitting had ended.</summary>
    public int Skipped { get => _states[(int)ImageRunState.Skipped]; internal set => _states[(int)ImageRunState.Skipped] = value; }

    /// <summary>Tasks that are paid for, have not failed, and are not saved.</summary>
    public int Unsaved { get => _states[(int)ImageRunState.Paid]; internal set => _states[(int)ImageRunState.Paid] = value; }

    /// <summary>Tokens of the tasks that it bought, as far as they have ended.</summary>
    public long TotalTokens { get; internal set; }

    /// <summary>What the provider says these tasks cost, in the provider's unit; <see langword="null"/> where it does not say.</summary>
    public decimal? Cost { get; internal set; }

    /// <summary>Why submitting ended early; <see langword="null"/> when it did not.</summary>
    public NanoBananaErrorKind? Reason => _whole._reason;

    /// <summary>
    /// What a script ends with: 0 all saved, 1 error, 3 some prompts failed, 4 some outcomes unknown, 5 a budget or limit was
    /// reached, 6 key or account refused, 7 service down, 129, 130 or 143 stopped. Any other number is a failure too.
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
                bool isGood = !IsRunning && !_whole._endedEarly && Saved == Asked;
                return cause != 0 ? cause : isGood ? 0 : RunExitCode.Error;
            }
        }
    }

    /// <summary>Prompts of which nothing was bought.</summary>
    internal int Refused { get; set; }

    /// <summary>The exit code that the journal has; null for a run of this process.</summary>
    internal int? RecordedExitCode { get; }

    /// <summary>The id of the whole run, which all tasks that it bought have in the journal.</summary>
    internal string WholeId => _whole.Id;

    /// <summary>Whether the journal has an entry of it.</summary>
    internal bool HasEntry { get; set; }

    /// <summary>Writes the run to the journal; null where it has no entry there.</summary>
    internal Func<Task>? Store { private get; set; }

    /// <summary>The part of the run that is of a batch; the run itself for no batch.</summary>
    internal ImageRun Of(string? batch)
    {
        if (batch is null)
            return this;
        lock (_lock)
        {
            ImageRun? part = _parts.Find(one => one.Batch == batch);
            if (part is null)
                _parts.Add(part = new ImageRun(this, batch));
            Batch = _parts.Count == 1 ? batch : null;
            return part;
        }
    }

    /// <summary>A prompt is asked for.</summary>
    internal ImageRunItem Ask() => new(this);

    /// <summary>Submitting ended before all prompts were sent.</summary>
    internal void EndSubmitting(NanoBananaErrorKind reason) => Change(() => _whole._reason ??= reason);

    /// <summary>Somebody or something outside stopped the run.</summary>
    /// <param name="exitCode">128 and the number of the signal.</param>
    internal void Stop(int exitCode) => Change(() => _whole._stopCode = _whole._endedAt is null && _whole._stopCode == 0 ? exitCode : _whole._stopCode);

    /// <summary>The pipeline has ended.</summary>
    /// <param name="isEarly">Whether it ended before its work.</param>
    internal void End(bool isEarly) => Change(() =>
    {
        _whole._endedEarly |= isEarly && _whole._endedAt is null;
        _whole._endedAt ??= _now();
    });

    /// <summary>Writes what has changed since the last time to the journal.</summary>
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

    /// <summary>Changes numbers, here and in the whole, in one step.</summary>
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

    /// <summary>Counts a prompt from the state and the cause that it has to others.</summary>
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

    /// <summary>A prompt is new.</summary>
    internal void Add()
    {
        Asked++;
        _states[(int)ImageRunState.Sending]++;
        _causes[0]++;
    }

    /// <summary>Makes a change in one step.</summary>
    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _whole._isStored = false;
        }
    }

    /// <summary>The numbers in one line.</summary>
    public override string ToString() => string.Format(
        CultureInfo.InvariantCulture, "{0} asked, {1} bought, {2} held, {3} saved, {4} failed, {5} unknown, {6} skipped; {7} tokens; exit code {8}",
        Asked, Bought, Held, Saved, Failed, Unknown, Skipped, TotalTokens, ExitCode);
}

/// <summary>How far a prompt of a run is.</summary>
internal enum ImageRunState
{
    /// <summary>Not answered yet.</summary>
    Sending,

    /// <summary>Paid for and not saved.</summary>
    Paid,

    /// <summary>Every image is saved.</summary>
    Saved,

    /// <summary>Refused, failed, canceled, or without an image.</summary>
    Failed,

    /// <summary>Sent, with an unknown outcome.</summary>
    Unknown,

    /// <summary>Not sent, because submitting had ended.</summary>
    Skipped,
}
