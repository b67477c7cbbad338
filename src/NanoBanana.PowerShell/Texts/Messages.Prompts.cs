namespace NanoBanana.Texts;

/// <content>Prompts, their names and the files that contain them.</content>
internal static partial class Messages
{
    public static string StringBesidePrompt(string text) =>
        $"{Quote(text, 60)} is not the path of an image. With -Prompt, the pipeline contains the images to edit. "
        + "To use the text as the prompt, omit -Prompt.";

    public static string PromptGivenTwice(string own) =>
        $"The object has its own prompt, {Quote(own, ShortLength)}, and -Prompt is also specified. Omit one of them.";

    public static string RowWithoutValues(IReadOnlyList<string> properties) =>
        "With -Prompt, the pipeline contains images, or rows with columns, for example ImagePath, Name or AspectRatio. "
        + $"This object has no such property. Its properties: {Properties(properties)}.";

    public static string SeveralPrompts(int count) =>
        $"The property Prompt of the object has {count} prompts, but each object makes one image. Nothing was sent for it. "
        + "Specify one string, or pipe the prompts themselves: $_.Prompt | New-NanoBananaImage.";

    public static string ImageWithoutPrompt(string path) =>
        $"{Quote(path, PathLength)} is an image, and there is no prompt. "
        + "Describe the change in the prompt: Get-ChildItem *.png | New-NanoBananaImage 'add a hat'.";

    public const string ObjectAsArgument =
        "-InputObject accepts only strings and text files as arguments. To use the properties of an object, pipe it: "
        + "$value | New-NanoBananaImage.";

    public const string HashtableAsPrompt =
        "A hashtable is not a prompt. To use its values as properties, pipe [pscustomobject]@{ Prompt = '…' }.";

    public static string NoPromptProperty(IReadOnlyList<string> properties, string hint) =>
        $"The input has no Prompt property. Its properties: {Properties(properties)}. {hint}";

    public static string PromptIsFile(string path, bool isWildcard) =>
        $"The prompt {Quote(path)} {(isWildcard ? "matches files" : "is the name of a file that exists")}. "
        + "For a prompt file, use -PromptPath. For an image, use -ImagePath with a prompt. "
        + $"For a file with a prompt on each line, use Get-Content {Quote(path)} | New-NanoBananaImage.";

    public static string PromptFileTooLarge(string path, int kilobytes) =>
        $"'{path}' is larger than a prompt can be. A prompt file has at most {kilobytes} KB and contains one prompt of at most "
        + $"{ImageModel.MaximumPromptLength} characters. For a file with a prompt on each line, use Get-Content.";

    public static string ImageAsPromptFile(string path) =>
        $"'{path}' is an image, not a text file with a prompt. "
        + $"To edit the image, describe the change in the prompt: New-NanoBananaImage 'add a hat' -ImagePath '{path}'.";

    public static string NotATextFile(string path) => $"'{path}' is not a text file. A prompt file must be text in UTF-8.";

    public static string NotUtf8(string path) =>
        $"'{path}' is not a text file in UTF-8. Save it as UTF-8, for example with Set-Content -Encoding utf8. "
        + "UTF-16 is accepted if the file starts with a byte order mark.";

    public static string PromptFileNotReadable(string path, string reason) => $"'{path}' can't be read: {reason}";

    public const string FolderAsInput =
        "This is a folder. Pipe its files, for example Get-ChildItem prompts/*.txt or Get-ChildItem images/*.png.";

    public static string NameUsedTwiceInBatch(string name, string first, string prompt) =>
        $"The name {Quote(name)} is already used for '{first}' in this run, and a name in a batch stands for one image. "
        + $"'{prompt}' was not sent. {GiveNames}";

    public static string NameUsedTwice(string name, string first, string prompt) =>
        $"The name {Quote(name)} is already used for '{first}' in this run, and '{prompt}' has it too. {SameFileName} {GiveNames}";

    public static string NamesMakeOneFile(string firstName, string name, string first, string prompt) =>
        $"The names {Quote(firstName)} (of '{first}') and {Quote(name)} (of '{prompt}') result in the same file name. "
        + $"{SameFileName} {GiveNames}";

    public static string BlankLinesSkipped(int count) => $"{Count(count, "blank line")} {Were(count)} skipped.";

    public const string ShowWithoutOutFile =
        "-Show shows the image that -OutFile saves. Specify -OutFile too, for example -OutFile fox.png. "
        + "For several images, use ... | New-NanoBananaImage | Save-NanoBananaImage -Show. Nothing was sent.";

    public const string OneFileForSeveralImages =
        "-OutFile saves one image, but there is more than one request. This request was not sent. "
        + "For several images, use ... | New-NanoBananaImage | Save-NanoBananaImage -Destination FOLDER.";

    private const string SameFileName = "If the name is the only field of the file name, only the first image is saved.";

    private const string GiveNames = "Specify a different name for each prompt, for example in a Name column, or omit -Name.";

    private static string Properties(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "none",
        > 12 => string.Join(", ", names.Take(12)) + ", …",
        _ => string.Join(", ", names),
    };
}
