using System.Collections;
using System.Globalization;

namespace NanoBanana.Binding;

/// <summary>
/// Reads a task after Export-Clixml, a job, Invoke-Command, Export-Csv or ConvertTo-Json, so that the command has its name, index,
/// endpoint and dialect, and not only its id.
/// </summary>
internal static class TaskReader
{
    /// <summary>The task of an object, also of a deserialized one; null for anything else.</summary>
    public static ImageTask? Read(object? value)
    {
        if (value is null || PSObject.AsPSObject(value) is not { BaseObject: not string } source)
            return null;
        if (source.BaseObject is ImageTask task)
            return task;
        if (!PromptInput.IsTask(source) || Text(source, "Id") is not { } id)
            return null;
        ImageOutput[] images = [.. Items(source, "Image").Select(ImageOf).OfType<ImageOutput>()];
        ImageTaskStatus status = Enumeration<ImageTaskStatus>(source, "Status") ?? ImageTaskStatus.Running;
        return new ImageTask
        {
            Id = id,
            // If the images were lost in the conversion, a poll returns them again.
            Status = status == ImageTaskStatus.Completed && images.Length == 0 ? ImageTaskStatus.Running : status,
            RawStatus = Text(source, "RawStatus"),
            Prompt = Text(source, "Prompt"),
            Model = Text(source, "Model"),
            AspectRatio = Text(source, "AspectRatio"),
            Resolution = Text(source, "Resolution"),
            ResponseModality = ListOf(Items(source, "ResponseModality").SelectMany(item => CellText.Words($"{item}"))),
            ImageUrl = ListOf(Items(source, "ImageUrl").Select(item => $"{item}").SelectMany(Addresses)),
            ImagePath = ListOf(Items(source, "ImagePath").Select(item => $"{item}")),
            Name = Text(source, "Name"),
            Variation = Text(source, "Variation"),
            Batch = Text(source, "Batch"),
            InputIndex = Value<int>(source, "InputIndex"),
            Progress = Value<double>(source, "Progress"),
            QueuePosition = Value<int>(source, "QueuePosition"),
            CreatedAt = Time(source, "CreatedAt"),
            CompletedAt = Time(source, "CompletedAt"),
            Elapsed = ElapsedOf(source),
            Image = images,
            Text = Text(source, "Text"),
            TextUrl = Address(source, "TextUrl"),
            PromptTokens = Value<long>(source, "PromptTokens"),
            CompletionTokens = Value<long>(source, "CompletionTokens"),
            TotalTokens = Value<long>(source, "TotalTokens"),
            Cost = Value<decimal>(source, "Cost"),
            Error = ErrorOf(Get(source, "Error")),
            SavedTo = ListOf(Paths(source)),
            RequestId = Text(source, "RequestId"),
            Endpoint = Address(source, "Endpoint"),
            Protocol = Enumeration<ApiProtocol>(source, "Protocol"),
        };
    }

    private static object? Get(PSObject source, string name) => source.Properties[name]?.Value;

    private static string? Text(PSObject source, string name) =>
        Get(source, name) is { } value && OriginalText.Unwrap(value) is { } plain
        && (plain is DateTime date ? date.ToString("o", CultureInfo.InvariantCulture)
        : LanguagePrimitives.ConvertTo<string>(plain)) is { Length: > 0 } text
            ? text
            : null;

    private static T? Value<T>(PSObject source, string name)
        where T : struct =>
        Text(source, name) is not null && LanguagePrimitives.TryConvertTo(Get(source, name), CultureInfo.InvariantCulture, out T value)
            ? value : null;

    private static T? Enumeration<T>(PSObject source, string name)
        where T : struct, Enum =>
        Get(source, name) is { } value && (LanguagePrimitives.TryConvertTo(value, out T known)
            || LanguagePrimitives.TryConvertTo($"{value}", out known)) ? known : null;

    private static Uri? Address(PSObject source, string name) =>
        Get(source, name) is { } value && Uri.TryCreate(OriginalText.Unwrap(value) is Uri uri ? uri.OriginalString : $"{value}",
            UriKind.Absolute, out Uri? address) ? address : null;

    /// <summary>A time, also as a file or another session returns it.</summary>
    public static DateTimeOffset? Time(PSObject source, string name) => OriginalText.Unwrap(Get(source, name)) switch
    {
        DateTimeOffset time => time,
        DateTime { Kind: DateTimeKind.Unspecified } time => new DateTimeOffset(time, TimeSpan.Zero),
        DateTime time => new DateTimeOffset(time),
        string { Length: > 0 } text => DateTimeOffset.TryParse(text, CultureInfo.CurrentCulture, DateTimeStyles.AssumeUniversal,
            out DateTimeOffset time)
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) ? time : null,
        // A DateTimeOffset is serialized as an object.
        PSCustomObject => ((PSObject)Get(source, name)!).Properties["UtcDateTime"]?.Value is { } utc
            && LanguagePrimitives.TryConvertTo(utc, out DateTime time)
            ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))
            : null,
        _ => null,
    };

    private static TimeSpan? ElapsedOf(PSObject source)
    {
        object? value = Get(source, "Elapsed");
        if (value is not null && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out TimeSpan elapsed)
            && elapsed > TimeSpan.Zero)
            return elapsed;
        return Value<double>(source, "ElapsedSeconds") is { } seconds and >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static IEnumerable<object> Items(PSObject source, string name) => OriginalText.Unwrap(Get(source, name)) switch
    {
        null or "" => [],
        IEnumerable items and not (string or IDictionary) => items.Cast<object?>().OfType<object>(),
        // A cell of a report can contain several.
        string cell when name == "Image" => Addresses(cell),
        var one => [one],
    };

    /// <summary>The files from the property <c>SavedTo</c> of an export, or else from the column <c>File</c> of a report.</summary>
    private static IEnumerable<string> Paths(PSObject source) =>
        Items(source, "SavedTo").Any() || source.Properties["File"] is PSCodeProperty
            ? Items(source, "SavedTo").Select(path => $"{path}")
            : Items(source, "File").SelectMany(PathsOf).Where(path => path.Length > 0);

    private static IEnumerable<string> PathsOf(object file) =>
        file is string cell ? cell.Split(["; "], StringSplitOptions.RemoveEmptyEntries) : [TextOf(file)];

    private static string TextOf(object file) =>
        PSObject.AsPSObject(file).Properties["FullName"]?.Value is { } path ? $"{path}" : $"{file}";

    private static IEnumerable<string> Addresses(string cell)
    {
        try
        {
            return [.. CellText.Addresses(cell)];
        }
        catch (NanoBananaException)
        {
            return [cell];
        }
    }

    private static IReadOnlyList<string>? ListOf(IEnumerable<string> items) => items.ToArray() is { Length: > 0 } list ? list : null;

    private static ImageOutput? ImageOf(object value)
    {
        PSObject image = PSObject.AsPSObject(value);
        if (image.BaseObject is ImageOutput output)
            return output;
        Uri? url = image.BaseObject is string text && Uri.TryCreate(text, UriKind.Absolute, out Uri? address) ? address
            : Address(image, "Url");
        return url is null ? null : new ImageOutput
        {
            Url = url,
            IsInline = Value<bool>(image, "IsInline") ?? false,
            Id = Text(image, "Id"),
            ContentType = Text(image, "ContentType"),
            FileName = Text(image, "FileName"),
            FileSize = Value<long>(image, "FileSize"),
            Width = Value<int>(image, "Width"),
            Height = Value<int>(image, "Height"),
        };
    }

    private static ImageTaskError? ErrorOf(object? value) => value is null || $"{value}".Length == 0
        ? null
        : PSObject.AsPSObject(value) is var error && Text(error, "Message") is { } message
            ? new ImageTaskError { Message = message, Code = Text(error, "Code"), Meaning = Text(error, "Meaning"),
            Advice = Text(error, "Advice") }
            : new ImageTaskError { Message = $"{value}" };
}

/// <summary>Takes tasks, also from a file or another process. Any other value stays unchanged.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TaskInputAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = OriginalText.Unwrap(inputData);
        if (value is null or string or ImageTask or ImageTask[])
            return inputData;
        if (value is IList list)
        {
            ImageTask?[] tasks = [.. list.Cast<object?>().Select(TaskReader.Read)];
            return tasks.Length > 0 && tasks.All(task => task is not null) ? tasks : inputData;
        }
        return TaskReader.Read(inputData) is { } read ? new[] { read } : inputData;
    }
}
