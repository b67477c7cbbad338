using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NanoBanana.Client.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Files;

/// <summary>
/// How a saved image was made: the JSON that <c>-Metadata</c> writes beside it. What <c>New-NanoBananaImage</c> binds
/// stands on top, so that the object makes the image again; the batch does not, because a batch buys nothing twice.
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

    // Text stays readable: it is JSON in a file, never in a page.
    private static readonly ImageMetadataContext Context = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JsonWriting.Options.Encoder,
    });

    /// <summary>The version of this form: raised when a property changes its meaning, not when one is added.</summary>
    public const int CurrentSchema = 1;

    [JsonPropertyOrder(-1)]
    public required int Schema { get; init; }

    [JsonPropertyOrder(1)]
    public required string Id { get; init; }

    [JsonPropertyOrder(1)]
    public Uri? Endpoint { get; init; }

    /// <summary>The input images that were files, in the order of <c>ImagePath</c>.</summary>
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

    /// <summary>What the model wrote beside the image.</summary>
    [JsonPropertyOrder(1)]
    public string? Text { get; init; }

    /// <summary>The provider's free additions.</summary>
    [JsonPropertyOrder(1)]
    public IReadOnlyDictionary<string, object?>? Metadata { get; init; }

    /// <summary>Where the request stood. <c>ImageNumber</c> is from 1.</summary>
    public sealed record RunInfo(string? Batch, int? InputIndex, int ImageNumber, string? RequestId);

    public sealed record TimeInfo(DateTimeOffset? CreatedAt, DateTimeOffset? CompletedAt, double? ElapsedSeconds, DateTimeOffset SavedAt);

    public sealed record UsageInfo(long? PromptTokens, long? CompletionTokens, long? TotalTokens, decimal? Cost);

    public sealed record FileInfo(string Name, long Length, int? Width, int? Height, string Sha256, string? RequestedSize = null, bool? IsAsRequested = null);

    /// <summary>Writes and reads it.</summary>
    public static JsonTypeInfo<ImageMetadata> Json => Context.ImageMetadata;

    /// <param name="image">The image.</param>
    /// <param name="savedAt">When it was saved.</param>
    /// <param name="makerOf">The task that made a file; null when none is known.</param>
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
            File = new FileInfo(Path.GetFileName(image.Path), image.Length, image.PixelSize?.Width, image.PixelSize?.Height, image.Sha256, image.RequestedSize, image.IsAsRequested),
            Text = task.Text,
            Metadata = task.Metadata is { Count: > 0 } additions ? additions : null,
        };
    }

    /// <summary>The task that it tells of, as far as it does.</summary>
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

    /// <summary>A file from elsewhere can hold what the types of this one rule out.</summary>
    private static IReadOnlyList<string>? WithoutNulls(IReadOnlyList<string?>? items) => items is null ? null : [.. items.OfType<string>()];
}

/// <summary>The serializer that the compiler writes for it.</summary>
[JsonSerializable(typeof(ImageMetadata))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(Dictionary<string, object?>))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ImageMetadataContext : JsonSerializerContext;
