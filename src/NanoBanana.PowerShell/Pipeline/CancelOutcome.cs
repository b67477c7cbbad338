namespace NanoBanana.Pipeline;

/// <summary>Says what a cancel came to, to whoever asked for it.</summary>
internal static class CancelOutcome
{
    /// <summary>What a task is told to be after a cancel: the end of a sentence that begins with the task.</summary>
    /// <param name="after">The task as it stands after the cancel.</param>
    public static string Describe(ImageTask after) => after.Status switch
    {
        ImageTaskStatus.Canceled => "was canceled.",
        ImageTaskStatus.Completed => $"had completed before it could be canceled. It is paid for; Save-NanoBananaImage -Id {after.Id} saves its picture.",
        ImageTaskStatus.Failed => $"had failed before it could be canceled: {after.Error?.ToString().TrimEnd('.')}.",
        _ => $"is not canceled yet: the cancel was accepted and has not taken effect. Wait-NanoBananaTask -Id {after.Id} shows how it ends.",
    };
}
