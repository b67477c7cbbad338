namespace NanoBanana.Texts;

/// <content>Images in a terminal or a viewer, galleries and progress.</content>
internal static partial class Messages
{
    public const string FolderOfImages = "This is a folder. Pipe its images, for example Get-ChildItem images/*.png.";

    public const string BatchToShow =
        "This is a batch. Pipe its tasks (Get-NanoBananaTask -Batch NAME), or show all its images on one page with "
        + "Export-NanoBananaGallery.";

    public static string NothingToShow(string kind) => $"This is {kind}. Specify image files, saved images, tasks or paths.";

    public static string SavedImageIsGone(string name, string path) =>
        $"The image of '{name}' was saved as {Quote(path, PathLength)}, but the file no longer exists. "
        + "To save it again, use Save-NanoBananaImage -Force while the link of the image works.";

    public static string ImageNotSaved(string name) =>
        $"According to the journal, the image of '{name}' is not saved. To save it and show it, use ... | Save-NanoBananaImage -Show. "
        + "To show a file, specify its path.";

    public static string TaskEndedWithoutImage(string name, ImageTaskStatus status) =>
        $"'{name}' has no image, because the task {(status == ImageTaskStatus.Failed ? "failed" : "was canceled")}.";

    public static string NoImageYet(string name) =>
        $"'{name}' has no image yet. To wait for it, save it and show it, use ... | Save-NanoBananaImage -Show.";

    public static string NotASize(string size) =>
        $"{Quote(size)} is not a size. Specify columns of the terminal (60), columns and rows (60x20), or rows (x20).";

    public static string FolderToShow(string path) =>
        $"{Quote(path, PathLength)} is a folder. Specify its images, for example images/*.png.";

    public static string NotShown(string path, string reason) => $"'{path}' is not shown, because {reason}.";

    public static string NotShownInTerminal(string reason) => $"Not shown in the terminal: {reason}.";

    public static string CannotShow(string path, string reason) => $"The image {Quote(path, PathLength)} can't be shown: {reason}.";

    public static string TooManyWindows(int count) => $"{count} images were opened in windows. For the others, only the path is shown.";

    public const string AvifNotDecoded = "AVIF images can't be decoded here";

    public static string NotAConsole(string host) => $"the host '{host}' is not a console";

    public const string OutputRedirected = "the output is redirected";

    public const string NotInteractive = "the session is not interactive";

    public const string NoEscapeSequences = "the console does not support escape sequences";

    public const string TerminalNotQueried = "something was already typed, so the terminal was not queried";

    public static string NotAPage(string path) =>
        $"{Quote(path)} does not have the extension of a page. Use .html or .htm. Without an extension, the page gets .html.";

    public const string TextForGallery =
        "This is text. Pipe images (for example Get-ChildItem images/*.png) or tasks. For a batch, specify its name with -Batch.";

    public static string NothingForGallery(string kind) =>
        $"This is {kind}. A gallery shows images (from Save-NanoBananaImage or Get-ChildItem), tasks and batches.";

    public const string WriteGallery = "Write the gallery";

    public const string WritingGallery = "Writing the gallery";

    public static string Cards(int count) => FormattableString.Invariant($"{count:N0} cards");

    public static string GalleryPages(int count) => $"The gallery has {count} pages that link to each other.";

    public const string Done = "Done";

    public const string SubmittingPrompts = "Submitting prompts";

    public const string WaitingForImages = "Waiting for images";

    public const string SavingImages = "Saving images";

    public const string GettingStatus = "Getting the status of tasks";

    public const string CancelingTasks = "Canceling tasks";

    public const string GeneratingImages = "Generating images";

    public static string Progress(int done, int total, int failed, long bytes, TimeSpan elapsed) =>
        $"{done} of {total}, {total - done} running"
        + (failed > 0 ? $", {failed} failed" : "")
        + (bytes > 0 ? FormattableString.Invariant($", {bytes / 1e6:0.0} MB") : "")
        + FormattableString.Invariant($@", {elapsed:h\:mm\:ss}");
}
