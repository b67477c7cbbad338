using System.Collections;
using System.Text;
using NanoBanana.Client.Files;
using NanoBanana.Client.Images;

namespace NanoBanana.Binding;

/// <summary>
/// Finds the requests in what was given. By value only a real string is a prompt; any other object must carry a Prompt, or be a text
/// file. Beside -Prompt an object is what the prompt is about: an image to edit, or a row with other values.
/// </summary>
internal static class PromptReader
{
    /// <summary>Far more than a prompt can have, in bytes; a larger file is not one prompt.</summary>
    private const int MaximumBytes = 64 * 1024;

    /// <summary>The requests of one pipeline object to which a prompt of the command line is given.</summary>
    /// <param name="cmdlet">The command, for the paths.</param>
    /// <param name="input">The object.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="isComputed">Whether a script block has made the prompt from the object.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a prompt says nothing about it.</exception>
    public static IEnumerable<PromptInput> Edit(PSCmdlet cmdlet, PSObject input, string[] prompts, bool isComputed)
    {
        if (input.BaseObject is string text)
        {
            if (string.IsNullOrWhiteSpace(text))
                return [new PromptInput(input, "", IsPipedString: true)];
            string? path = PathReader.TryLiteral(cmdlet, text.Trim()) is { } full && File.Exists(full) && ImageInput.IsImage(full) ? full : null;
            return path is not null || isComputed ? prompts.Select(prompt => new PromptInput(input, prompt) { ImageFile = path }) : throw Refuse(
                $"'{TextSafety.Excerpt(text, 60)}' comes from the pipeline and -Prompt is given too. With -Prompt the pipeline gives the images to edit, and this is not the path of an image. Leave -Prompt out to use the text as a prompt.");
        }
        if (PromptInput.IsCompleted(input))
        {
            // The file stays when the address has expired.
            string? saved = ImageInput.FileOf(input), address = saved is null ? ImageInput.AddressOf(input) : null;
            return prompts.Select(prompt => new PromptInput(input, prompt) { ImageFile = saved, ImageAddress = address, Row = PromptInput.NoValues });
        }
        if (ImageInput.PathOf(input) is { } file)
        {
            return Directory.Exists(file) ? throw Folder() : !File.Exists(file)
                ? throw Refuse($"There is no file '{TextSafety.Excerpt(file, 300)}' any more.")
                : !ImageInput.IsImage(file)
                ? throw Refuse($"'{TextSafety.Excerpt(file, 300)}' is not an image: images are PNG, JPEG, WebP, GIF or AVIF by their bytes. Beside -Prompt only images are taken from the pipeline; to use a text file as a prompt leave -Prompt out.")
                : prompts.Select(prompt => new PromptInput(input, prompt) { ImageFile = file, Row = PromptInput.NoValues });
        }
        if (!PromptInput.IsTask(input) && input.Properties["Prompt"]?.Value is { } own && !WrittenText.IsBlank(own))
            throw Refuse($"The object has a prompt of its own, '{TextSafety.Excerpt($"{own}", 40)}', and -Prompt is given too. Leave one of them out.");
        return RowColumns.All.Any(column => column.Of(input) is { } cell && !WrittenText.IsBlank(RowReader.ValueOf(cell)))
            ? prompts.Select(prompt => new PromptInput(input, prompt))
            : throw Refuse($"Beside -Prompt the pipeline gives images, or rows with columns such as ImagePath, Name or AspectRatio. This object has none of them. Its properties: {PropertyNames(input)}.");
    }

    /// <summary>The requests of one pipeline object that says by itself what it asks for.</summary>
    /// <param name="input">The object.</param>
    /// <param name="bound">What PowerShell bound to <c>-Prompt</c> from the object's property; null if it has none.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: there is no prompt in it.</exception>
    public static IEnumerable<PromptInput> Read(PSObject input, string[]? bound)
    {
        if (input.BaseObject is string text)
            return [new PromptInput(input, text, IsPipedString: true)];
        // One object buys one image: a list in a row of someone else's file must not choose how many are bought.
        if (bound is { Length: not 1 })
            throw Refuse($"The object has {bound.Length} prompts under Prompt, and an object buys one image. Nothing was sent for it. Give Prompt one string, or pipe the prompts themselves, such as $_.Prompt | New-NanoBananaImage.");
        if (bound is not null)
            return [new PromptInput(input, bound[0])];
        // A null is not bound, but its property is there: the prompt is empty, not missing.
        if (input.Properties["Prompt"] is { Value: null })
            return [new PromptInput(input, "")];
        return input.BaseObject switch
        {
            DirectoryInfo => throw Folder(),
            // A saved image is made again as its task says.
            _ when PromptInput.TaskOf(input) is { } task && task.Properties["Prompt"]?.Value is string again => [new PromptInput(input, again) { Row = task }],
            _ when ImageInput.PathOf(input) is { } file => ImageInput.IsImage(file)
                ? throw Refuse($"'{TextSafety.Excerpt(file, 300)}' is an image, and there is no prompt. Say what to change: Get-ChildItem *.png | New-NanoBananaImage 'add a hat'.")
                : [new PromptInput(input, null, file)],
            not IDictionary when input.Properties["Prompt"] is not null => throw Refuse("-InputObject takes strings and text files as arguments. Pipe an object, so that its properties bind by name: $value | New-NanoBananaImage."),
            IDictionary => throw Refuse("A hashtable is not taken as a prompt. Write [pscustomobject]@{ Prompt = '…' } for an object whose properties bind by name."),
            _ => throw Refuse($"The input has no Prompt property. Its properties: {PropertyNames(input)}. {RowReader.HintOf(input)}"),
        };
    }

    /// <summary>The one prompt of a text file, UTF-8 unless a byte order mark says otherwise, without blank lines at its ends.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: not one prompt in a text file.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            byte[] content = RegularFile.ReadAll(path, MaximumBytes)
                ?? throw Refuse(ImageInput.IsImage(path) ? ImageAsPrompt(path) : $"'{path}' is larger than a prompt can be: at most {MaximumBytes / 1024} KB are read. A file is one prompt of at most {ImageModel.MaximumPromptLength} characters; for a prompt on each line use Get-Content.");
            if (ImageFormat.ExtensionOf(content.AsSpan(0, Math.Min(content.Length, ImageFormat.SignatureLength))) is not null)
                throw Refuse(ImageAsPrompt(path));
            using var reader = new StreamReader(new MemoryStream(content), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            string text = reader.ReadToEnd();
            // What a faulty conversion has left in the file itself.
            CellText.Check($"'{path}'", text.Contains('\uFFFD') ? text : null, isFile: true);
            return text.Contains('\0')
                ? throw Refuse($"'{path}' is not a text file. A prompt file is text in UTF-8.")
                : text.Trim();
        }
        catch (DecoderFallbackException e)
        {
            // Taken as it is, the image of another prompt would be bought.
            throw Refuse($"'{path}' is not a text file in UTF-8. Save it as UTF-8, for example with Set-Content -Encoding utf8; UTF-16 is taken with a byte order mark.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse($"'{path}' can't be read: {e.Message}", e);
        }
    }

    private static string ImageAsPrompt(string path) =>
        $"'{path}' is an image, not a text file with a prompt. To edit it say what to change: New-NanoBananaImage 'add a hat' -ImagePath '{path}'.";

    private static NanoBananaException Folder() => Refuse("This is a folder. Pipe its files, such as Get-ChildItem prompts/*.txt or Get-ChildItem images/*.png.");

    /// <summary>What an object is, in words for an error message.</summary>
    public static string Kind(object value) => value switch
    {
        IDictionary => "a hashtable",
        PSCustomObject => "an object",
        _ => $"of type {value.GetType().Name}",
    };

    /// <summary>The names of an object's properties, as many as a message can hold.</summary>
    private static string PropertyNames(PSObject value)
    {
        string[] names = [.. value.Properties.Select(p => TextSafety.Excerpt(p.Name, 30)).Take(13)];
        return names.Length switch
        {
            0 => "none",
            > 12 => string.Join(", ", names.Take(12)) + ", …",
            _ => string.Join(", ", names),
        };
    }

    private static NanoBananaException Refuse(string message, Exception? cause = null) => new(NanoBananaErrorKind.InvalidRequest, message, cause);
}

/// <summary>One prompt as it came, and the user's object that it came from.</summary>
/// <param name="Source">The object to name in an error, so that it can be piped again.</param>
/// <param name="Text">The prompt, unless it is in a file.</param>
/// <param name="File">The full path of the text file that the prompt is in, not read yet.</param>
/// <param name="IsPipedString">Whether it is a line of text from the pipeline, where a blank one is skipped.</param>
internal readonly record struct PromptInput(object? Source, string? Text, string? File = null, bool IsPipedString = false)
{
    /// <summary>An object without values: what it is piped for is an image, and its properties are of that image.</summary>
    public static readonly PSObject NoValues = new();

    /// <summary>The full path of the image that it is about; null for none.</summary>
    public string? ImageFile { get; init; }

    /// <summary>The address of the image that it is about; null for none.</summary>
    public string? ImageAddress { get; init; }

    /// <summary>What gives the other values; null for those that PowerShell has bound.</summary>
    public PSObject? Row { get; init; }

    /// <summary>
    /// Whether it comes from a task that has its image, also from one that was exported and imported again. It is made again, and
    /// outside its batch: the batch would answer with the task itself. A task that failed, or that goes on, stays in its batch.
    /// </summary>
    public bool IsCompletedTask => Source is not (null or string) && IsCompleted(Row is { } row && IsTask(row) ? row : PSObject.AsPSObject(Source));

    /// <summary>Whether an object is a task that has an image.</summary>
    public static bool IsCompleted(PSObject value) =>
        IsTask(value)
        && LanguagePrimitives.TryConvertTo(value.Properties["Status"]?.Value, out ImageTaskStatus status)
        && status == ImageTaskStatus.Completed
        && !LacksImage(value);

    /// <summary>The task of a saved image; null for any other object.</summary>
    public static PSObject? TaskOf(PSObject file) =>
        file.BaseObject is not string && file.Properties["Task"]?.Value is { } task && PSObject.AsPSObject(task) is var value && IsTask(value) ? value : null;

    public static PromptInput OfFile(string path) => new(path, null, path);

    /// <summary>By its type's name or by a column that only a task has: a user's own table may have the columns Id and Status.</summary>
    public static bool IsTask(PSObject value) => value.BaseObject is not string
        && (value.TypeNames.Any(name => name.EndsWith("NanoBanana.ImageTask", StringComparison.Ordinal))
            || (value.Properties["RawStatus"] is not null && value.Properties["Id"] is not null));

    private static bool LacksImage(PSObject value) =>
        value.Properties["Image"]?.Value is { } image && PSObject.AsPSObject(image).BaseObject is ICollection { Count: 0 };
}
