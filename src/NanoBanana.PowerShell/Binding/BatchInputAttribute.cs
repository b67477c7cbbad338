using System.Collections;

namespace NanoBanana.Binding;

/// <summary>Takes batches, also from a file or another process. Any other value stays unchanged.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BatchInputAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = OriginalText.Unwrap(inputData);
        if (value is null or string or ImageBatch or ImageBatch[])
            return inputData;
        if (value is IList list)
        {
            ImageBatch?[] batches = [.. list.Cast<object?>().Select(Read)];
            return batches.Length > 0 && batches.All(batch => batch is not null) ? batches : inputData;
        }
        return Read(inputData) is { } read ? new[] { read } : inputData;
    }

    /// <summary>
    /// The batch of an object, also of a deserialized one; null for anything else. Its counts are not read, because the journal has them.
    /// </summary>
    private static ImageBatch? Read(object? value)
    {
        if (value is null || PSObject.AsPSObject(value) is not { BaseObject: not string } source)
            return null;
        if (source.BaseObject is ImageBatch batch)
            return batch;
        bool isBatch = source.TypeNames.Any(name => name.EndsWith("NanoBanana.ImageBatch", StringComparison.Ordinal));
        return isBatch && source.Properties["Batch"]?.Value is { } name
            ? new ImageBatch
            {
                Batch = $"{name}",
                Endpoint = Uri.TryCreate($"{source.Properties["Endpoint"]?.Value}", UriKind.Absolute, out Uri? endpoint) ? endpoint : null,
                Total = 0, Submitting = 0, Unknown = 0, Pending = 0, Running = 0, Completed = 0, Failed = 0, Canceled = 0,
                WithoutImage = 0, Superseded = 0, Unsaved = 0, TotalTokens = 0, SupersededTokens = 0,
            }
            : null;
    }
}
