namespace NanoBanana.Client.Text;

/// <content>Image files that are sent or shown, and what a terminal shows.</content>
internal static partial class Messages
{
    /// <summary>Why an image file can't be used, after a colon.</summary>
    public const string ImageCutOff = "it is incomplete", ImageHasNoData = "it has no image data",
        ImageBlocksInvalid = "its blocks are not valid", ImageSegmentsInvalid = "its segments are not valid",
        ImageSizeUnreadable = "its width and height can't be read";

    /// <summary>The content of a file that is not an image, after a colon.</summary>
    public const string ContentEmpty = "it is empty", ContentPage = "it is an HTML or XML page", ContentJson = "it is JSON",
        ContentOther = "its first bytes do not match an image format";

    /// <summary>Why a terminal shows no images.</summary>
    public const string TerminalSilent = "the terminal did not answer",
        TmuxSilent = "tmux does not report the terminal that it runs in",
        TmuxBlocks = "tmux does not pass images to its terminal; to change that, run: tmux set -p allow-passthrough on";

    private const string ImageFormats = "Use a PNG, JPEG, WebP, GIF or AVIF image.";

    public static string ImageNotDecoded(string error) => $"it can't be decoded ({error})";

    public static string ImageHasMorePixels(long millions) => $"it has more than {millions} million pixels";

    public static string ImageUnreadable(string name, string error) => $"The image '{name}' can't be read: {error}";

    public static string NotAnImage(string name, string content) => $"'{name}' is not an image: {content}. {ImageFormats}";

    public static string InputDamaged(string name, string reason) =>
        $"The image '{name}' is damaged: {reason}. The request was not sent. Open the image in an editor and save it again.";

    public static string InputFileTooLarge(string name, int megabytes) =>
        $"The image '{name}' is larger than {megabytes} MB. Make it smaller, or use -ImageUrl with an address of the image.";

    public static string InputHasTooManyPixels(string name, string size, long millions, long maximum) =>
        $"The image '{name}' has {size} pixels ({millions} million). The maximum is {maximum} million. Make it smaller.";

    public static string InputAnimated(string name) =>
        $"The image '{name}' is animated, but the model accepts still images only. Save one frame of it as PNG.";

    public static string InputHasFixedMetadata(string name) =>
        $"The image '{name}' is an AVIF file with metadata that can't be removed, for example its location. Save it as JPEG, PNG or WebP.";

    public static string InputHeic(string name) =>
        $"'{name}' is a HEIC image with metadata that can't be removed, for example its location. Save it as JPEG or PNG.";

    public static string InputNotScalable(string name, int megabytes, string format) =>
        $"The image '{name}' is larger than the {megabytes} MB that the model accepts, and {format} images can't be scaled down. "
        + "Save it as PNG or JPEG.";

    public static string InputScaled(string name, int megabytes, string size, string length, string sentSize, string sentLength) =>
        $"The image '{name}' is larger than the {megabytes} MB that the model accepts. "
        + $"It has {size} pixels ({length}), and {sentSize} pixels ({sentLength}) are sent.";

    public static string ShownFileTooLarge(string name, int megabytes) =>
        $"The image '{name}' is larger than {megabytes} MB, so it is not shown.";

    public static string ShownHasTooManyPixels(string name, string size, long maximum) =>
        $"The image '{name}' has {size} pixels, which is more than {maximum} million, so it is not shown.";

    public static string ShownDamaged(string name, string reason) => $"The image '{name}' is damaged: {reason}.";
}
