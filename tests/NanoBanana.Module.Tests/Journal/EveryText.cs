using System.Collections;
using System.Reflection;
using System.Security;

namespace NanoBanana.Module.Tests.Journal;

/// <summary>
/// All text that can be reached from an object: through every public property and item, and, in our own objects and in
/// exceptions, through every field too. It stops where the engine begins, whose variables are the script's own.
/// </summary>
internal sealed class EveryText
{
    private const int DeepestLook = 40;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Path, string Text)> _texts = [];

    /// <summary>The texts, each with the way to it.</summary>
    public static IReadOnlyList<(string Path, string Text)> Of(object? root)
    {
        var every = new EveryText();
        every.Look(root, "", 0);
        return every._texts;
    }

    private void Look(object? value, string path, int depth)
    {
        if (value is null || depth > DeepestLook)
            return;
        if (value is string or char or Uri or DateTime or DateTimeOffset or TimeSpan or Enum || value.GetType().IsPrimitive)
        {
            // Our views show an address as it is sent; .NET's own text of it undoes the escapes.
            _texts.Add((path, value is Uri { IsAbsoluteUri: true } address ? address.AbsoluteUri : $"{value}"));
            return;
        }
        if (value is byte[] bytes)
        {
            _texts.Add((path, System.Text.Encoding.Latin1.GetString(bytes)));
            return;
        }
        if (IsOfTheEngine(value) || (!value.GetType().IsValueType && !_seen.Add(value)))
            return;
        _texts.Add((path, SafeText(value)));
        if (value is PSObject wrapped)
        {
            foreach (PSPropertyInfo property in wrapped.Properties)
                LookSafely(() => property.Value, $"{path}.{property.Name}", depth);
            Look(wrapped.BaseObject is PSCustomObject ? null : wrapped.BaseObject, path, depth + 1);
            return;
        }
        if (value is IDictionary table)
        {
            foreach (DictionaryEntry entry in table)
            {
                Look(entry.Key, $"{path}[]", depth + 1);
                Look(entry.Value, $"{path}[{entry.Key}]", depth + 1);
            }
        }
        else if (value is IEnumerable items)
        {
            foreach (object? item in items)
                Look(item, $"{path}[]", depth + 1);
        }
        foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
            LookSafely(() => property.GetValue(value), $"{path}.{property.Name}", depth);
        if (!ShowsItsFields(value))
            return;
        for (Type? type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(f => !f.Name.StartsWith("_stackTrace", StringComparison.Ordinal)))
                Look(field.GetValue(value), $"{path}.{field.Name}", depth + 1);
        }
    }

    /// <summary>A connection's fields lead to the client, which needs the key to work.</summary>
    private static bool ShowsItsFields(object value) => value is Exception
        || (value.GetType().FullName is { } name && name.StartsWith("NanoBanana.", StringComparison.Ordinal) && name != "NanoBanana.NanoBananaConnection");

    private void LookSafely(Func<object?> read, string path, int depth)
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
        Look(value, path, depth + 1);
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

    private static bool IsOfTheEngine(object value) => value is
        Type or MemberInfo or Assembly or System.Reflection.Module or Delegate or Task or SecureString or Pointer or IntPtr or UIntPtr
        or CommandInfo or PSModuleInfo or SessionState or PathInfo or ScriptBlock or DriveInfo or PSDriveInfo or ProviderInfo
        or System.Management.Automation.Runspaces.Runspace or System.Diagnostics.StackTrace or System.Diagnostics.StackFrame or DirectoryInfo;
}
