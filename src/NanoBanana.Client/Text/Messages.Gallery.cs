namespace NanoBanana.Client.Text;

/// <content>The gallery.</content>
internal static partial class Messages
{
    /// <summary>Why a file is not shown, after its name.</summary>
    public const string FileIsNotImage = "is not an image.", FileGone = "no longer exists.",
        FileMayHaveChanged = "may have changed since the request.", FileHasChanged = "has changed since the request.";

    /// <summary>Why a card has no image.</summary>
    public const string CardTaskCanceled = "The task was canceled.",
        CardOutcomeUnknown = "The request was sent, and its outcome is unknown. It may be paid for.",
        CardNotDone = "The task had not ended when its status was last requested.", CardNoImage = "The task completed without an image.",
        CardFileUnknown = "The image was not saved, or its file is not known.";

    /// <summary>The name of an input image without a file and an address.</summary>
    public const string InputNotStored = "an image that is not stored";

    public static string NoImageButText(string text) => $"{CardNoImage} {TextOfModel(text)}";

    public static string FileUnreadable(string error) => $"can't be read: {error}";

    public static string MetadataNotUsed(string file, string reason) => $"{file} is not used. {reason}";

    public static string NoThumbnail(string file, string reason) => $"No thumbnail of {file} could be created: {reason}.";

    private static string TextOfModel(string text) => $"The text of the model: {text}";
}
