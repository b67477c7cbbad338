namespace NanoBanana.Pipeline;

/// <summary>
/// The stages of a pipeline, whose numbers are the activity ids of their progress: each is shown below the one before,
/// and far from the small ids that scripts choose for theirs.
/// </summary>
internal enum ProgressStage
{
    Submitting = 196_001,
    Waiting = 196_002,
    Saving = 196_003,
    Canceling = 196_004,
}
