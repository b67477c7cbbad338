using System.Collections;
using System.Management.Automation;

namespace NanoBanana.Binding;

/// <summary>Says what an object is, in words for an error message.</summary>
internal static class Describe
{
    public static string Kind(object value) => value switch
    {
        IDictionary => "a hashtable",
        PSCustomObject => "an object",
        _ => $"of type {value.GetType().Name}",
    };

    /// <summary>The names of an object's properties, as many as a message can hold.</summary>
    public static string PropertyNames(PSObject value)
    {
        string[] names = [.. value.Properties.Select(p => Client.TextSafety.Excerpt(p.Name, 30)).Take(13)];
        return names.Length switch
        {
            0 => "none",
            > 12 => string.Join(", ", names.Take(12)) + ", …",
            _ => string.Join(", ", names),
        };
    }
}
