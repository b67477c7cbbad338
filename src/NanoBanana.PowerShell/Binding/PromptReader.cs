using System.Collections;
using System.Text;
using NanoBanana.Client.Files;

namespace NanoBanana.Binding;

/// <summary>
/// Finds the prompts in what was given. By value only a real string is one; any other object must carry a Prompt, or be
/// a text file.
/// </summary>
internal static class PromptReader
{
    /// <summary>Far more than a prompt can have, in bytes; a larger file is not one prompt.</summary>
    private const int MaximumBytes = 64 * 1024;

    /// <summary>The prompts of one pipeline object.</summary>
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
            FileInfo when input.Properties["Task"]?.Value is not null => throw Refuse("This is a picture that was saved, not a prompt. To make it again pipe its task: ForEach-Object Task | New-NanoBananaImage. To change it send it along with -ImagePath."),
            FileInfo file => [new PromptInput(input, null, file.FullName)],
            DirectoryInfo => throw Refuse("This is a folder, not a prompt. Pipe its files, such as Get-ChildItem prompts/*.txt."),
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
                ?? throw Refuse($"'{path}' is larger than a prompt can be: at most {MaximumBytes / 1024} KB are read. A file is one prompt of at most {ImageModel.MaximumPromptLength} characters; for a prompt on each line use Get-Content.");
            using var reader = new StreamReader(new MemoryStream(content), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
            string text = reader.ReadToEnd();
            // What a faulty conversion has left in the file itself.
            CellText.Check($"'{path}'", text.Contains('\uFFFD') ? text : null, isFile: true);
            return text.Contains('\0')
                ? throw Refuse($"'{path}' is not a text file. A prompt file is text in UTF-8; a picture goes along with -ImagePath.")
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
    /// <summary>
    /// Whether it comes from a task that has its image, also from one that was exported and imported again. It is made again, and
    /// outside its batch: the batch would answer with the task itself. A task that failed, or that goes on, stays in its batch.
    /// </summary>
    public bool IsCompletedTask => Source is not (null or string)
        && PSObject.AsPSObject(Source) is var value
        && IsTask(value)
        && LanguagePrimitives.TryConvertTo(value.Properties["Status"]?.Value, out ImageTaskStatus status)
        && status == ImageTaskStatus.Completed
        && !LacksImage(value);

    public static PromptInput OfFile(string path) => new(path, null, path);

    /// <summary>By its type's name or by a column that only a task has: a user's own table may have the columns Id and Status.</summary>
    public static bool IsTask(PSObject value) =>
        value.TypeNames.Any(name => name.EndsWith("NanoBanana.ImageTask", StringComparison.Ordinal))
        || (value.Properties["RawStatus"] is not null && value.Properties["Id"] is not null);

    private static bool LacksImage(PSObject value) =>
        value.Properties["Image"]?.Value is { } image && PSObject.AsPSObject(image).BaseObject is ICollection { Count: 0 };
}
