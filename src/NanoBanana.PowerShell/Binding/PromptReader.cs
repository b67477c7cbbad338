using System.Collections;
using System.Text;
using NanoBanana.Client.Files;
using NanoBanana.Client.Images;

namespace NanoBanana.Binding;

/// <summary>
/// Finds the requests in the input. By value, only a string is a prompt. Any other object must have a property Prompt, or be a text file.
/// With -Prompt, an object is the subject of the prompt: an image to edit, or a row with other values.
/// </summary>
internal static class PromptReader
{
    /// <summary>The maximum size of a prompt file in bytes, which is much more than the longest prompt.</summary>
    private const int MaximumBytes = 64 * 1024;

    /// <summary>The requests of one pipeline object with the prompts of the command line.</summary>
    /// <param name="cmdlet">The command, for the paths.</param>
    /// <param name="input">The object.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="isComputed">Whether a script block computed the prompt from the object.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not an object to edit.</exception>
    public static IEnumerable<PromptInput> ReadWithPrompts(PSCmdlet cmdlet, PSObject input, string[] prompts, bool isComputed)
    {
        if (input.BaseObject is string text)
        {
            if (string.IsNullOrWhiteSpace(text))
                return [new PromptInput(input, "", IsPipedString: true)];
            string? path = PathReader.TryLiteral(cmdlet, text.Trim()) is { } full && File.Exists(full) && ImageInput.IsImage(full)
                ? full : null;
            return path is not null || isComputed
                ? prompts.Select(prompt => new PromptInput(input, prompt) { ImageFile = path })
                : throw Invalid(Messages.StringBesidePrompt(text));
        }
        if (PromptInput.IsCompleted(input))
        {
            // The file is still valid after the address has expired.
            string? saved = ImageInput.FileOf(input), address = saved is null ? ImageInput.AddressOf(input) : null;
            return prompts.Select(prompt =>
                new PromptInput(input, prompt) { ImageFile = saved, ImageAddress = address, Row = PromptInput.NoValues });
        }
        if (ImageInput.PathOf(input) is { } file)
        {
            return Directory.Exists(file) ? throw Invalid(Messages.FolderAsInput)
                : !File.Exists(file) ? throw Invalid(Messages.FileNoLongerExists(file))
                : !ImageInput.IsImage(file) ? throw Invalid(Messages.NotAnImageBesidePrompt(file))
                : prompts.Select(prompt => new PromptInput(input, prompt) { ImageFile = file, Row = PromptInput.NoValues });
        }
        if (!PromptInput.IsTask(input) && input.Properties["Prompt"]?.Value is { } own && !OriginalText.IsBlank(own))
            throw Invalid(Messages.PromptGivenTwice($"{own}"));
        return RowColumns.All.Any(column => column.Of(input) is { } cell && !OriginalText.IsBlank(RowReader.ValueOf(cell)))
            ? prompts.Select(prompt => new PromptInput(input, prompt))
            : throw Invalid(Messages.RowWithoutValues(PropertyNames(input)));
    }

    /// <summary>The requests of one pipeline object that contains its own prompt.</summary>
    /// <param name="input">The object.</param>
    /// <param name="bound">The value that PowerShell bound to <c>-Prompt</c> from the object's property; null without a value.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: it contains no prompt.</exception>
    public static IEnumerable<PromptInput> Read(PSObject input, string[]? bound)
    {
        if (input.BaseObject is string text)
            return [new PromptInput(input, text, IsPipedString: true)];
        // One object makes one image. A list in a row must not decide how many images are bought: its file can be from anyone.
        if (bound is { Length: not 1 })
            throw Invalid(Messages.SeveralPrompts(bound.Length));
        if (bound is not null)
            return [new PromptInput(input, bound[0])];
        // A null is not bound, but the property exists: the prompt is empty, not missing.
        if (input.Properties["Prompt"] is { Value: null })
            return [new PromptInput(input, "")];
        return input.BaseObject switch
        {
            DirectoryInfo => throw Invalid(Messages.FolderAsInput),
            // A saved image submits the request of its task again.
            _ when PromptInput.TaskOf(input) is { } task && task.Properties["Prompt"]?.Value is string prompt =>
                [new PromptInput(input, prompt) { Row = task }],
            _ when ImageInput.PathOf(input) is { } file => ImageInput.IsImage(file)
                ? throw Invalid(Messages.ImageWithoutPrompt(file))
                : [new PromptInput(input, null, file)],
            not IDictionary when input.Properties["Prompt"] is not null => throw Invalid(Messages.ObjectAsArgument),
            IDictionary => throw Invalid(Messages.HashtableAsPrompt),
            _ => throw Invalid(Messages.NoPromptProperty(PropertyNames(input), TableFormat.HintOf(input))),
        };
    }

    /// <summary>The prompt of a text file, in UTF-8 or in the encoding of its byte order mark, without blank lines at its ends.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not a text file with one prompt.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            byte[] content = RegularFile.ReadAll(path, MaximumBytes)
                ?? throw Invalid(ImageInput.IsImage(path)
                    ? Messages.ImageAsPromptFile(path) : Messages.PromptFileTooLarge(path, MaximumBytes / 1024));
            if (ImageFormat.ExtensionOf(content.AsSpan(0, Math.Min(content.Length, ImageFormat.SignatureLength))) is not null)
                throw Invalid(Messages.ImageAsPromptFile(path));
            var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            using var reader = new StreamReader(new MemoryStream(content), utf8, detectEncodingFromByteOrderMarks: true);
            string text = reader.ReadToEnd();
            // An earlier wrong conversion leaves replacement characters in the file.
            CellText.Check($"'{path}'", text.Contains('\uFFFD') ? text : null, isFile: true);
            return text.Contains('\0')
                ? throw Invalid(Messages.NotATextFile(path))
                : text.Trim();
        }
        catch (DecoderFallbackException e)
        {
            // With wrong characters, the image of another prompt would be bought.
            throw Invalid(Messages.NotUtf8(path), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid(Messages.PromptFileNotReadable(path, e.Message), e);
        }
    }

    /// <summary>The names of the first properties of an object, one more than a message shows.</summary>
    private static string[] PropertyNames(PSObject value) => [.. value.Properties.Select(p => TextSafety.Excerpt(p.Name, 30)).Take(13)];

    private static NanoBananaException Invalid(string message, Exception? cause = null) =>
        new(NanoBananaErrorKind.InvalidRequest, message, cause);
}

/// <summary>One prompt, and the user's object that it is from.</summary>
/// <param name="Source">The target object of an error, so that the user can pipe it again.</param>
/// <param name="Text">The prompt; null if it is in a file.</param>
/// <param name="File">The full path of the text file with the prompt, which is not read yet.</param>
/// <param name="IsPipedString">Whether it is a string from the pipeline. A blank one is skipped.</param>
internal readonly record struct PromptInput(object? Source, string? Text, string? File = null, bool IsPipedString = false)
{
    /// <summary>An object without values, for an image: its properties describe the image, not the request.</summary>
    public static readonly PSObject NoValues = new();

    /// <summary>The full path of the image to edit; null without a file.</summary>
    public string? ImageFile { get; init; }

    /// <summary>The address of the image to edit; null without an address.</summary>
    public string? ImageAddress { get; init; }

    /// <summary>The object with the other values; null if PowerShell has bound them.</summary>
    public PSObject? Row { get; init; }

    /// <summary>
    /// Whether the source is a task with an image, also after an export and import. Its request is submitted again without its batch,
    /// because the batch would return the task itself. A failed or running task stays in its batch.
    /// </summary>
    public bool IsCompletedTask => Source is not (null or string)
        && IsCompleted(Row is { } row && IsTask(row) ? row : PSObject.AsPSObject(Source));

    /// <summary>Whether an object is a completed task with an image.</summary>
    public static bool IsCompleted(PSObject value) =>
        IsTask(value)
        && LanguagePrimitives.TryConvertTo(value.Properties["Status"]?.Value, out ImageTaskStatus status)
        && status == ImageTaskStatus.Completed
        && !LacksImage(value);

    /// <summary>The task of a saved image; null for any other object.</summary>
    public static PSObject? TaskOf(PSObject file) =>
        file.BaseObject is not string && file.Properties["Task"]?.Value is { } task
            && PSObject.AsPSObject(task) is var value && IsTask(value) ? value : null;

    public static PromptInput OfFile(string path) => new(path, null, path);

    /// <summary>
    /// Whether an object is a task, by its type name or a column that only tasks have. A user's table can have Id and Status.
    /// </summary>
    public static bool IsTask(PSObject value) => value.BaseObject is not string
        && (value.TypeNames.Any(name => name.EndsWith("NanoBanana.ImageTask", StringComparison.Ordinal))
            || (value.Properties["RawStatus"] is not null && value.Properties["Id"] is not null));

    private static bool LacksImage(PSObject value) =>
        value.Properties["Image"]?.Value is { } image && PSObject.AsPSObject(image).BaseObject is ICollection { Count: 0 };
}
