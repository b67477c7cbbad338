namespace NanoBanana.Texts;

/// <content>Recommended actions, which PowerShell shows below a message. Most messages already contain what to do.</content>
internal static partial class Messages
{
    /// <summary>What to do about an error; null if its message contains it.</summary>
    public static string? ActionFor(NanoBananaException error) => error.Kind switch
    {
        NanoBananaErrorKind.TaskFailed => Client.Text.Messages.AdviceTryAgain,
        NanoBananaErrorKind.Canceled => "If you still want the image, pipe the task to New-NanoBananaImage.",
        NanoBananaErrorKind.ServiceUnavailable => "To see the answers of the service, use -Verbose.",
        NanoBananaErrorKind.ConnectionFailed => "Check the network, the proxy and the endpoint. Get-NanoBananaConnection shows them.",
        NanoBananaErrorKind.InvalidResponse when error.TaskId is null =>
            "Check that the endpoint matches the protocol. Get-NanoBananaConnection shows both.",
        NanoBananaErrorKind.NoImage => "Use a clearer prompt, or -ResponseModality Image.",
        NanoBananaErrorKind.NotAnImage => "If the error stays, check whether a proxy answers in place of the host.",
        NanoBananaErrorKind.BudgetExhausted => "Raise the limit, or run the inputs in TargetObject again later.",
        _ => null,
    };
}
