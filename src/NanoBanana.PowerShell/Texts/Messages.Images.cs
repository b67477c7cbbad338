namespace NanoBanana.Texts;

/// <content>Input images, and paths of files.</content>
internal static partial class Messages
{
    public static string TooManyImages(int count, bool areOnCommandLine) =>
        Client.Text.Messages.TooManyImages(count, ImageModel.MaximumImageUrls)
        + (areOnCommandLine ? " To send one request for each image, use Get-ChildItem *.png | New-NanoBananaImage 'PROMPT'." : "");

    public static string ImageHasChanged(string path) =>
        $"The image {Quote(path, PathLength)} has changed since the request was submitted, so nothing was sent. "
        + "To use the changed image, specify it with -ImagePath.";

    public static string ImageParameterWithoutValue(string parameter) =>
        $"-{parameter} has no value, so nothing was sent. Specify an image, or omit -{parameter}.";

    public static string FileNoLongerExists(string path) => $"The file {Quote(path, PathLength)} no longer exists.";

    public static string NotAnImageBesidePrompt(string path) =>
        $"{Quote(path, PathLength)} is not an image. By its content, an image is PNG, JPEG, WebP, GIF or AVIF. With -Prompt, only images "
        + "are accepted from the pipeline. To use a text file as the prompt, omit -Prompt.";

    public const string TaskNotCompleted =
        "The task is not completed, so it has no image yet. To wait for it, use $task | Wait-NanoBananaTask.";

    public static string TaskWithoutImage(string id) => $"Task {id} has no image. Specify another image.";

    public const string ImageWithoutAddress =
        "The answer of the service contained the image itself, so the image has no address. "
        + "Save it with Save-NanoBananaImage, and specify the file with -ImagePath.";

    public const string TaskWithoutSavedImage =
        "This is a task without a saved image. Save it with Save-NanoBananaImage, or specify its image with -ImageUrl $task.";

    public static string NotAnImagePath(string kind) =>
        $"An input image must be a path or a file, but this is {kind}. Specify a path, a file from Get-Item, or a saved image.";

    public const string FileAsImageUrl = "This is a file, not an address. Specify it with -ImagePath.";

    public static string NotAnImageUrl(string kind) =>
        $"The address of an image must be a string, but this is {kind}. Specify an address, a completed task, or its Image property.";

    public static string AddressInImagePath(string path) =>
        $"{Quote(path)} is an address, but -ImagePath accepts files. Specify it with -ImageUrl.";

    public static string FolderInImagePath(string path) =>
        $"{Quote(path)} is a folder. Specify an image. "
        + $"To send one request for each image in the folder, use Get-ChildItem {Quote(path)} | New-NanoBananaImage 'PROMPT'.";

    public static string JournalPathNotFound(string path) =>
        $"{Quote(path)} is not a path in the file system. Check that its drive or home folder exists.";

    public static string NotAPath(string path, string reason) => $"{Quote(path)} is not a path: {reason}";

    public static string FileNotFound(string path) =>
        $"There is no file {Quote(path)}. Specify the path of a file that exists. Wildcards are allowed.";

    public static string NotInFileSystem(string path) => $"{Quote(path)} is not in the file system. Specify the path of a file.";

    public static string HeaderValue(string name, Type? type) =>
        $"The header {Quote(name, 60)} has {(type is null ? "no value" : $"a value of type {type.Name}")}. "
        + "Specify a string or a SecureString, for example -Header @{ 'X-Team' = 'ops' }.";
}
