using System.Diagnostics;

namespace NanoBanana.Pipeline;

/// <summary>
/// Counts the work of one command for its progress records. Any thread can count. Only the pipeline thread reads the records.
/// </summary>
/// <param name="stage">The stage of the pipeline.</param>
internal sealed class ProgressTracker(ProgressStage stage)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly RemainingTime _remaining = new();
    private long _lastSecond = -1;
    private long _bytes;
    private int _total;
    private int _done;
    private int _failed;

    /// <summary>Whether the input has ended. Only then can the progress have a percentage and a remaining time.</summary>
    public bool IsTotalKnown { get; set; }

    /// <summary>The number of work items, including completed ones.</summary>
    public int Total => _total;

    public void Add() => Interlocked.Increment(ref _total);

    public void Finish() => Interlocked.Increment(ref _done);

    public void Fail() => Interlocked.Increment(ref _failed);

    public void AddBytes(long count) => Interlocked.Add(ref _bytes, count);

    /// <summary>
    /// The next record; null if this second already has one. All commands use the seconds of one clock, so that a console draws their
    /// records together. Before each drawing, pwsh queries the cursor position of the terminal. A Ctrl+C during the query removes the
    /// answer, and pwsh waits for it without end.
    /// </summary>
    public ProgressRecord? NextRecord()
    {
        long second = Stopwatch.GetTimestamp() / Stopwatch.Frequency;
        if (_total == 0 || second == _lastSecond)
            return null;
        _lastSecond = second;
        TimeSpan now = _clock.Elapsed;
        ProgressRecord record = CreateRecord(Messages.Progress(_done, _total, _failed, _bytes, now));
        if (IsTotalKnown)
        {
            record.PercentComplete = (int)(100L * _done / _total);
            if (_remaining.Estimate(now, _done, _total - _done) is { } seconds)
                record.SecondsRemaining = seconds;
        }
        return record;
    }

    /// <summary>The record that removes the progress; null if no record was shown.</summary>
    public ProgressRecord? LastRecord()
    {
        if (_lastSecond < 0)
            return null;
        ProgressRecord record = CreateRecord(Messages.Done);
        record.RecordType = ProgressRecordType.Completed;
        return record;
    }

    private ProgressRecord CreateRecord(string description)
    {
        string activity = stage switch
        {
            ProgressStage.Submitting => Messages.SubmittingPrompts,
            ProgressStage.Waiting => Messages.WaitingForImages,
            ProgressStage.Saving => Messages.SavingImages,
            ProgressStage.Checking => Messages.GettingStatus,
            ProgressStage.Canceling => Messages.CancelingTasks,
            _ => Messages.GeneratingImages,
        };
        return new ProgressRecord((int)stage, activity, description)
        {
            ParentActivityId = stage is ProgressStage.Waiting or ProgressStage.Saving ? (int)stage - 1 : -1,
        };
    }
}

/// <summary>
/// The stages of a pipeline. The numbers are the ids of the progress activities: waiting is shown below submitting, and saving below
/// waiting. They are different from the small ids that scripts use.
/// </summary>
internal enum ProgressStage
{
    Submitting = 196_001,
    Waiting = 196_002,
    Saving = 196_003,

    /// <summary>Submitting, waiting and saving in one command.</summary>
    Generating = 196_004,

    /// <summary>One poll for each task.</summary>
    Checking = 196_005,

    /// <summary>One cancellation for each task.</summary>
    Canceling = 196_006,
}
