using System.Management.Automation;

namespace NanoBanana.Binding;

/// <summary>Names as PowerShell's wildcards mean them: <c>*</c>, <c>?</c>, sets such as <c>[a-c]</c>, upper and lower case alike.</summary>
internal static class NamePattern
{
    /// <returns>Whether a name fits; null when none is asked for.</returns>
    public static Func<string, bool>? Of(string? pattern) =>
        pattern is null ? null : new WildcardPattern(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant).IsMatch;
}
