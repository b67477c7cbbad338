namespace NanoBanana.Texts;

/// <content>Recommended actions, which PowerShell shows below a message. Most messages already contain what to do.</content>
internal static partial class Messages
{
    /// <summary>What to do about an error; null if its message contains it.</summary>
    public static string? ActionFor(NanoBananaException error) => error.Kind switch
    {
        _ when error.IsUnexpected => Client.Text.Messages.ReportError,
        _ when error.HasAdvice => null,
        NanoBananaErrorKind.TaskFailed => Client.Text.Messages.AdviceTryAgain,
        NanoBananaErrorKind.Canceled => "If you still want the image, pipe the task to New-NanoBananaImage.",
        NanoBananaErrorKind.ServiceUnavailable when error.StatusCode is null =>
            "Try again later. If it happens again, check the network and the proxy.",
        NanoBananaErrorKind.ServiceUnavailable => "To see the HTTP status of each answer, use -Verbose.",
        NanoBananaErrorKind.ConnectionFailed => "Check the network, and the proxy and endpoint that Get-NanoBananaConnection shows.",
        NanoBananaErrorKind.InvalidResponse when error.TaskId is null =>
            "Check that the endpoint matches the protocol. Get-NanoBananaConnection shows both.",
        NanoBananaErrorKind.NoImage => Client.Text.Messages.AdviceClearerPrompt,
        NanoBananaErrorKind.NotAnImage => "If it happens again, check whether a proxy changes or replaces the answer.",
        NanoBananaErrorKind.BudgetExhausted => "Raise the limit, and run the inputs in TargetObject again.",
        _ => null,
    };
}
