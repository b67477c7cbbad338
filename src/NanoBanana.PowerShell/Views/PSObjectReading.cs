using System.Management.Automation;

namespace NanoBanana.Views;

/// <summary>Reads properties by name: an object that came back from a job has them, and no longer its type.</summary>
internal static class PSObjectReading
{
    /// <summary>The value; null when it is not there or is of another kind.</summary>
    public static T? Read<T>(this PSObject source, string property)
    {
        object? value = source.Properties[property]?.Value;
        return value is not null && LanguagePrimitives.TryConvertTo(value, out T read) ? read : default;
    }
}
