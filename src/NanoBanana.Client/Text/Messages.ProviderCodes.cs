namespace NanoBanana.Client.Text;

/// <content>Meanings of provider codes that the provider does not name, and what to do.</content>
internal static partial class Messages
{
    public const string InputSensitive = "The input image may contain sensitive content";

    public const string InputNotDownloaded = "The input image could not be downloaded";

    public const string ContentBlocked = "The content was blocked";

    public const string ImageBlocked = "The image was blocked";

    public const string ContentProhibited = "The content is prohibited";

    public const string RequestInvalid = "The request is not valid";

    public const string ModelTimedOut = "The model took too long";

    public const string NoImageMade = "The model made no image";

    public const string BalanceTooLow = "The balance of the account is too low";

    public const string AdviceTryAgain =
        "To try again, pipe the task to New-NanoBananaImage. If it fails again for the same reason, change the prompt.";

    public const string AdviceTryLater = "To try again later, pipe the task to New-NanoBananaImage.";

    public const string AdviceSimplerPrompt = "To try again, pipe the task to New-NanoBananaImage. "
        + "If it fails again for the same reason, use a simpler prompt or -ResponseModality Image.";

    public const string AdviceClearerPrompt = "Write a clearer prompt, or use -ResponseModality Image.";

    public const string AdviceChangePrompt = "Change the prompt or the input images. The same request would be blocked again.";

    public const string AdviceOtherImage = "Use another input image. The same image would be blocked again.";

    public const string AdviceCheckAddresses = "Check that the addresses of the input images are public, and try again.";

    public const string AdviceCheckAddressesLater = "Check that the addresses of the input images are public, and try again later.";

    public const string AdviceFixRequest = "Fix the value that the message names.";

    public const string AdviceAddCredits = "Add credits to your provider account, and run the same inputs again.";

    /// <summary>The advice for a rejected request. It has no task that can be piped.</summary>
    private static string AdviceWithoutTask(string advice) => advice switch
    {
        AdviceTryAgain => "Submit the input again. If it fails again for the same reason, change the prompt.",
        AdviceTryLater => "Submit the input again later.",
        AdviceSimplerPrompt => "Submit the input again. If it fails again for the same reason, "
            + "use a simpler prompt or -ResponseModality Image.",
        _ => advice,
    };
}
