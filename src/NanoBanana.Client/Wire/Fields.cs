using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>
/// The properties of one object, by names that ignore case and separators: <c>task_id</c>, <c>taskId</c> and <c>TASK-ID</c> are
/// <c>taskid</c>. A text that holds JSON counts as that JSON.
/// </summary>
internal sealed class Fields
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    public Fields(JsonElement element)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null)
                _values[Key(property.Name)] = property.Value;
        }
    }

    public IEnumerable<KeyValuePair<string, JsonElement>> All => _values;

    public int Count => _values.Count;

    /// <summary>The first of these that is there and not null; undefined when none is.</summary>
    public JsonElement this[params ReadOnlySpan<string> names]
    {
        get
        {
            foreach (string name in names)
            {
                if (_values.TryGetValue(name, out JsonElement value))
                    return value;
            }
            return default;
        }
    }

    public bool Has(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_values.ContainsKey(name))
                return true;
        }
        return false;
    }

    /// <summary>The first of these that is a text or a number, and not blank.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_values.TryGetValue(name, out JsonElement value)
                && value.ValueKind is JsonValueKind.String or JsonValueKind.Number && !string.IsNullOrWhiteSpace(value.AsText()))
            {
                return value.AsText();
            }
        }
        return null;
    }

    public static string Key(string name)
    {
        bool isPlain = true;
        foreach (char c in name)
            isPlain &= c is (>= 'a' and <= 'z') or (>= '0' and <= '9');
        return isPlain ? name : new string([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
    }
}
