using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Files;

/// <summary>
/// The JSON that <c>-Metadata</c> writes beside a saved image. The properties that <c>New-NanoBananaImage</c> binds are at the top level,
/// so the object can be piped to create the image again. The batch is not, because a batch does not submit a request twice.
/// </summary>
internal sealed record ImageMetadata : ImageParameters
{
    public ImageMetadata()
    {
    }

    private ImageMetadata(ImageParameters parameters)
        : base(parameters)
    {
    }

    // Characters are not escaped for HTML, because the JSON is in a file and never in a web page.
    private static readonly ImageMetadataContext Context = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JsonWriting.Options.Encoder,
    });

    /// <summary>The version of this format. It changes when a property changes its meaning, and not when a property is added.</summary>
    public const int CurrentSchema = 1;

    [JsonPropertyOrder(-1)]
    public required int Schema { get; init; }

    [JsonPropertyOrder(1)]
    public required string Id { get; init; }

    [JsonPropertyOrder(1)]
    public Uri? Endpoint { get; init; }

    /// <summary>The input images that are files, in the order of <c>ImagePath</c>.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyList<SourceFile>? MadeFrom { get; init; }

    [JsonPropertyOrder(1)]
    public RunInfo? Run { get; init; }

    [JsonPropertyOrder(1)]
    public TimeInfo? Time { get; init; }

    [JsonPropertyOrder(1)]
    public UsageInfo? Usage { get; init; }

    [JsonPropertyOrder(1)]
    public required FileInfo File { get; init; }

    /// <summary>The text that the model wrote in addition to the image.</summary>
    [JsonPropertyOrder(1)]
    public string? Text { get; init; }

    /// <summary>Additional data of the provider.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyDictionary<string, object?>? Metadata { get; init; }

    /// <summary>The position of the request in its run. <c>ImageNumber</c> starts at 1.</summary>
    public sealed record RunInfo(string? Batch, int? InputIndex, int ImageNumber, string? RequestId);

    public sealed record TimeInfo(DateTimeOffset? CreatedAt, DateTimeOffset? CompletedAt, double? ElapsedSeconds, DateTimeOffset SavedAt);

    public sealed record UsageInfo(long? PromptTokens, long? CompletionTokens, long? TotalTokens, decimal? Cost);

    public sealed record FileInfo(
        string Name, long Length, int? Width, int? Height, string Sha256, string? RequestedSize = null, bool? IsAsRequested = null);

    /// <summary>The contract for writing and reading.</summary>
    public static JsonTypeInfo<ImageMetadata> Json => Context.ImageMetadata;

    /// <param name="image">The image.</param>
    /// <param name="savedAt">The time of the save.</param>
    /// <param name="makerOf">Returns the task that made a file; null if it is not known.</param>
    public static ImageMetadata Of(SavedImage image, DateTimeOffset savedAt, Func<string, ImageTask?> makerOf)
    {
        ImageTask task = image.Task;
        return new ImageMetadata(task)
        {
            Schema = CurrentSchema,
            ImageUrl = task.ImageUrl is { Count: > 0 } urls ? [.. urls.Select(SentDataUri.Describe)] : null,
            Batch = null,
            InputIndex = null,
            Id = task.Id,
            Endpoint = task.Endpoint,
            MadeFrom = SourceFile.Of(task, Path.GetDirectoryName(image.Path)!, makerOf),
            Run = new RunInfo(task.Batch, task.InputIndex, image.ImageNumber + 1, task.RequestId),
            Time = new TimeInfo(task.CreatedAt, task.CompletedAt, task.Elapsed?.TotalSeconds, savedAt),
            Usage = new UsageInfo(task.PromptTokens, task.CompletionTokens, task.TotalTokens, task.Cost),
            File = new FileInfo(
                Path.GetFileName(image.Path), image.Length, image.PixelSize?.Width, image.PixelSize?.Height, image.Sha256,
                image.RequestedSize, image.IsAsRequested),
            Text = task.Text,
            Metadata = task.Metadata is { Count: > 0 } additions ? additions : null,
        };
    }

    /// <summary>The task with the values of this JSON.</summary>
    public ImageTask ToTask() => new(this)
    {
        Id = Id,
        Status = ImageTaskStatus.Completed,
        ResponseModality = WithoutNulls(ResponseModality),
        ImageUrl = WithoutNulls(ImageUrl),
        ImagePath = WithoutNulls(ImagePath),
        Batch = Run?.Batch,
        InputIndex = Run?.InputIndex,
        RequestId = Run?.RequestId,
        CreatedAt = Time?.CreatedAt,
        CompletedAt = Time?.CompletedAt,
        Elapsed = Time?.ElapsedSeconds is { } seconds and >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null,
        PromptTokens = Usage?.PromptTokens,
        CompletionTokens = Usage?.CompletionTokens,
        TotalTokens = Usage?.TotalTokens,
        Cost = Usage?.Cost,
        Text = Text,
        Endpoint = Endpoint is { IsAbsoluteUri: true } ? Endpoint : null,
    };

    /// <summary>Removes null items, which a file from another source can contain in spite of the declared types.</summary>
    private static IReadOnlyList<string>? WithoutNulls(IReadOnlyList<string?>? items) => items is null ? null : [.. items.OfType<string>()];
}

/// <summary>The source-generated serializer.</summary>
[JsonSerializable(typeof(ImageMetadata))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(Dictionary<string, object?>))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ImageMetadataContext : JsonSerializerContext;
