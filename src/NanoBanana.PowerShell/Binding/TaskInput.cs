using System.Management.Automation;

namespace NanoBanana.Binding;

/// <summary>Reads a task that is piped to New-NanoBananaImage, also one that was exported and imported again.</summary>
internal static class TaskInput
{
    /// <summary>
    /// Whether the input is a task that has its image. It is made again, and outside its batch: the batch would answer with the task
    /// itself. A task that failed, or that goes on, stays in its batch.
    /// </summary>
    public static bool IsCompleted(object? input)
    {
        if (input is null or string)
            return false;
        PSObject value = PSObject.AsPSObject(input);
        return IsTask(value)
            && LanguagePrimitives.TryConvertTo(value.Properties["Status"]?.Value, out ImageTaskStatus status)
            && status == ImageTaskStatus.Completed
            && !LacksImage(value);
    }

    /// <summary>By its type's name or by a column that only a task has: a user's own table may have the columns Id and Status.</summary>
    private static bool IsTask(PSObject value) =>
        value.TypeNames.Any(name => name.EndsWith("NanoBanana.ImageTask", StringComparison.Ordinal))
        || (value.Properties["RawStatus"] is not null && value.Properties["Id"] is not null);

    private static bool LacksImage(PSObject value) =>
        value.Properties["Image"]?.Value is { } image && PSObject.AsPSObject(image).BaseObject is System.Collections.ICollection { Count: 0 };
}
