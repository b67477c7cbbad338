using System.Diagnostics;

namespace NanoBanana.Pipeline;

/// <summary>
/// Counts the work of one command and turns it into a progress record now and then. Work counts from any thread; only
/// the pipeline thread asks for records.
/// </summary>
/// <param name="stage">Which command of the pipeline it is.</param>
internal sealed class ProgressBoard(ProgressStage stage)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly RemainingTime _remaining = new();
    private long _lastSecond = -1;
    private long _bytes;
    private int _total;
    private int _done;
    private int _failed;

    /// <summary>True once no more input comes: only then is there a share to show, and a remaining time.</summary>
    public bool IsTotalKnown { get; set; }

    /// <summary>How much work there is, or was.</summary>
    public int Total => _total;

    public void Add() => Interlocked.Increment(ref _total);

    public void Finish() => Interlocked.Increment(ref _done);

    public void Fail() => Interlocked.Increment(ref _failed);

    public void AddBytes(long count) => Interlocked.Add(ref _bytes, count);

    /// <summary>
    /// A record when it is time for one: at most once a second, and for all commands at the same moments, so that a console
    /// draws them together. For each drawing pwsh asks the terminal where its cursor is; a Ctrl+C in just that moment takes
    /// the answer away, and pwsh waits for it forever.
    /// </summary>
    public ProgressRecord? Next()
    {
        long second = Stopwatch.GetTimestamp() / Stopwatch.Frequency;
        if (_total == 0 || second == _lastSecond)
            return null;
        _lastSecond = second;
        TimeSpan now = _clock.Elapsed;
        var record = Make(Describe(now));
        if (IsTotalKnown)
        {
            record.PercentComplete = (int)(100L * _done / _total);
            if (_remaining.Guess(now, _done, _total - _done) is { } seconds)
                record.SecondsRemaining = seconds;
        }
        return record;
    }

    /// <summary>The record that takes the others away; null when none was shown.</summary>
    public ProgressRecord? Last()
    {
        if (_lastSecond < 0)
            return null;
        ProgressRecord record = Make("Done");
        record.RecordType = ProgressRecordType.Completed;
        return record;
    }

    private ProgressRecord Make(string description)
    {
        string activity = stage switch
        {
            ProgressStage.Submitting => "Submitting prompts",
            ProgressStage.Waiting => "Waiting for images",
            ProgressStage.Saving => "Saving images",
            ProgressStage.Asking => "Asking how tasks stand",
            ProgressStage.Canceling => "Canceling tasks",
            _ => "Making images",
        };
        return new ProgressRecord((int)stage, activity, description)
        {
            ParentActivityId = stage is ProgressStage.Waiting or ProgressStage.Saving ? (int)stage - 1 : -1,
        };
    }

    private string Describe(TimeSpan elapsed)
    {
        string text = $"{_done} of {_total}, {_total - _done} running";
        if (_failed > 0)
            text += $", {_failed} failed";
        if (_bytes > 0)
            text += FormattableString.Invariant($", {_bytes / 1e6:0.0} MB");
        return text + FormattableString.Invariant($@", {elapsed:h\:mm\:ss}");
    }
}

/// <summary>
/// What commands do, whose numbers are the activity ids of their progress: waiting is shown below submitting and saving
/// below waiting, all far from the small ids that scripts choose for theirs.
/// </summary>
internal enum ProgressStage
{
    Submitting = 196_001,
    Waiting = 196_002,
    Saving = 196_003,

    /// <summary>Submitting, waiting and saving in one command.</summary>
    Making = 196_004,

    /// <summary>One question for each task.</summary>
    Asking = 196_005,

    /// <summary>One cancel for each task.</summary>
    Canceling = 196_006,
}

/// <summary>
/// Guesses when work will be done from how fast it went of late. The pace since the start would be nonsense where much
/// was done at once, as when a batch runs again, or when the service has slowed down.
/// </summary>
internal sealed class RemainingTime
{
    private const int FewestDone = 3;
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestSpan = TimeSpan.FromSeconds(60);

    private readonly Queue<(TimeSpan At, int Done)> _seen = new();

    /// <summary>Takes how much is done now and guesses.</summary>
    /// <param name="now">Since the work began.</param>
    /// <param name="done">How much of it is done.</param>
    /// <param name="left">How much is not.</param>
    /// <returns>Whole seconds; null while too little was seen, and when nothing was done of late.</returns>
    public int? Guess(TimeSpan now, int done, int left)
    {
        _seen.Enqueue((now, done));
        while (now - _seen.Peek().At > LongestSpan)
            _seen.Dequeue();
        (TimeSpan since, int before) = _seen.Peek();
        int finished = done - before;
        if (left == 0 || finished < FewestDone || now - since < ShortestSpan)
            return null;
        return (int)Math.Ceiling(Math.Min((now - since).TotalSeconds / finished * left, int.MaxValue));
    }
}
