namespace NanoBanana.Pipeline;

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
