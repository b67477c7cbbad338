using System.Collections;
using System.Reflection;
using System.Security;

namespace NanoBanana.Module.Tests.Journal;

/// <summary>
/// All text that can be reached from an object, through every public property and item. For objects of the module and exceptions
/// also through every field. Objects of the engine are not followed, because they lead to the variables of the script.
/// </summary>
internal sealed class ReachableText
{
    private const int MaximumDepth = 40;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Path, string Text)> _texts = [];

    /// <summary>The texts, each with its path.</summary>
    public static IReadOnlyList<(string Path, string Text)> Of(object? root)
    {
        var reachable = new ReachableText();
        reachable.Visit(root, "", 0);
        return reachable._texts;
    }

    private void Visit(object? value, string path, int depth)
    {
        if (value is null || depth > MaximumDepth)
            return;
        if (value is string or char or Uri or DateTime or DateTimeOffset or TimeSpan or Enum || value.GetType().IsPrimitive)
        {
            // The module's views show an address with its escapes. Uri.ToString() removes them.
            _texts.Add((path, value is Uri { IsAbsoluteUri: true } address ? address.AbsoluteUri : $"{value}"));
            return;
        }
        if (value is byte[] bytes)
        {
            _texts.Add((path, System.Text.Encoding.Latin1.GetString(bytes)));
            return;
        }
        if (IsEngineObject(value) || (!value.GetType().IsValueType && !_seen.Add(value)))
            return;
        _texts.Add((path, SafeText(value)));
        if (value is PSObject wrapped)
        {
            foreach (PSPropertyInfo property in wrapped.Properties)
                VisitSafely(() => property.Value, $"{path}.{property.Name}", depth);
            Visit(wrapped.BaseObject is PSCustomObject ? null : wrapped.BaseObject, path, depth + 1);
            return;
        }
        if (value is IDictionary table)
        {
            foreach (DictionaryEntry entry in table)
            {
                Visit(entry.Key, $"{path}[]", depth + 1);
                Visit(entry.Value, $"{path}[{entry.Key}]", depth + 1);
            }
        }
        else if (value is IEnumerable items)
        {
            foreach (object? item in items)
                Visit(item, $"{path}[]", depth + 1);
        }
        foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0))
            VisitSafely(() => property.GetValue(value), $"{path}.{property.Name}", depth);
        if (!HasVisibleFields(value))
            return;
        for (Type? type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in type
                .GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(f => !f.Name.StartsWith("_stackTrace", StringComparison.Ordinal)))
                Visit(field.GetValue(value), $"{path}.{field.Name}", depth + 1);
        }
    }

    /// <summary>Not the fields of a connection: they lead to the client, which needs the key.</summary>
    private static bool HasVisibleFields(object value) => value is Exception
        || (value.GetType().FullName is { } name
                && name.StartsWith("NanoBanana.", StringComparison.Ordinal) && name != "NanoBanana.NanoBananaConnection");

    private void VisitSafely(Func<object?> read, string path, int depth)
    {
        object? value;
        try
        {
            value = read();
        }
        catch (Exception)
        {
            return; // A property that throws shows nothing.
        }
        Visit(value, path, depth + 1);
    }

    private static string SafeText(object value)
    {
        try
        {
            return $"{value}";
        }
        catch (Exception)
        {
            return "";
        }
    }

    private static bool IsEngineObject(object value) => value is
        Type or MemberInfo or Assembly or System.Reflection.Module or Delegate or Task or SecureString or Pointer or IntPtr or UIntPtr
        or CommandInfo or PSModuleInfo or SessionState or PathInfo or ScriptBlock or DriveInfo or PSDriveInfo or ProviderInfo
        or System.Management.Automation.Runspaces.Runspace or System.Diagnostics.StackTrace or System.Diagnostics.StackFrame
        or DirectoryInfo;
}
