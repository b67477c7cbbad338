using System.Collections.Concurrent;
using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>
/// The properties of one object, by names without case and separators: <c>task_id</c>, <c>taskId</c> and <c>TASK-ID</c> are <c>taskid</c>.
/// A text that contains JSON is read as JSON. Texts are read once, because many names are looked up in every layer of every answer.
/// </summary>
internal sealed class Fields
{
    /// <summary>The maximum number of properties that are searched without an index.</summary>
    private const int MaximumScanned = 32;

    /// <summary>The maximum number of stored names: enough for any service, and a limit for hostile answers.</summary>
    private const int MaximumKnown = 512;

    private const int MaximumKnownLength = 64;

    /// <summary>
    /// The name that followed another name before. Names have the same order in each answer, so a name is compared with the expected one
    /// instead of being read again.
    /// </summary>
    private static readonly ConcurrentDictionary<string, (string Name, string Key)> Next = new(StringComparer.Ordinal);

    private readonly Field[] _fields;
    private readonly Dictionary<string, int>? _index;

    public Fields(JsonElement element)
    {
        int most = 0;
        foreach (JsonProperty property in element.EnumerateObject())
            most += property.Value.ValueKind == JsonValueKind.Null ? 0 : 1;
        _fields = most == 0 ? [] : new Field[most];
        _index = most > MaximumScanned ? new(StringComparer.Ordinal) : null;
        string previous = "";
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null)
                continue;
            (previous, string key) = NameOf(property, previous);
            int at = IndexOf(key);
            if (at < 0)
            {
                at = Count++;
                _index?.Add(key, at);
            }
            _fields[at] = new Field { Key = key, Value = property.Value };
        }
    }

    public int Count { get; private set; }

    /// <summary>The first value that exists and is not null; undefined if there is no such value.</summary>
    public JsonElement this[params ReadOnlySpan<string> names] => First(names) is >= 0 and var at ? _fields[at].Value : default;

    public bool Has(params ReadOnlySpan<string> names) => First(names) >= 0;

    public string KeyAt(int index) => _fields[index].Key;

    public JsonElement ValueAt(int index) => _fields[index].Value;

    /// <summary>The text of a value.</summary>
    public string TextAt(int index) => _fields[index].Text ??= _fields[index].Value.GetString()!;

    /// <summary>A value, or the JSON in its text.</summary>
    public JsonElement UnwrappedAt(int index) =>
        (_fields[index].Value.ValueKind == JsonValueKind.String ? JsonReading.Unwrap(TextAt(index)) : null) ?? _fields[index].Value;

    /// <summary>The first existing value, or the JSON in its text.</summary>
    public JsonElement Unwrapped(params ReadOnlySpan<string> names) => First(names) is >= 0 and var at ? UnwrappedAt(at) : default;

    /// <summary>The properties of a value that is an object. For a large object they are not stored.</summary>
    public Fields? FieldsAt(int index)
    {
        if (_fields[index].Inner is { } known)
            return known;
        Fields? inner = UnwrappedAt(index) is { ValueKind: JsonValueKind.Object } value ? new Fields(value) : null;
        if (_index is null)
            _fields[index].Inner = inner;
        return inner;
    }

    /// <summary>The properties of the first existing value, if it is an object.</summary>
    public Fields? Inner(params ReadOnlySpan<string> names) => First(names) is >= 0 and var at ? FieldsAt(at) : null;

    /// <summary>The first value that is a text or a number, and not blank.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            string? text = IndexOf(name) is >= 0 and var at ? _fields[at].Value.ValueKind switch
            {
                JsonValueKind.String => TextSafety.Clean(TextAt(at)),
                JsonValueKind.Number => _fields[at].Text ??= _fields[at].Value.GetRawText(),
                _ => null,
            } : null;
            if (!string.IsNullOrWhiteSpace(text))
                return text;
        }
        return null;
    }

    /// <summary>A name in lower case, without separators.</summary>
    public static string Key(string name)
    {
        bool isPlain = true;
        foreach (char c in name)
            isPlain &= c is (>= 'a' and <= 'z') or (>= '0' and <= '9');
        if (isPlain)
            return name;
        Span<char> key = name.Length <= 128 ? stackalloc char[name.Length] : new char[name.Length];
        int length = 0;
        foreach (char c in name)
        {
            if (char.IsLetterOrDigit(c))
                key[length++] = char.ToLowerInvariant(c);
        }
        return key.Slice(0, length).ToString();
    }

    private static (string Name, string Key) NameOf(JsonProperty property, string previous)
    {
        bool isKnown = Next.TryGetValue(previous, out (string Name, string Key) known);
        if (isKnown && property.NameEquals(known.Name))
            return known;
        string name = property.Name;
        (string, string) read = (name, Key(name));
        if (!isKnown && Next.Count < MaximumKnown && name.Length <= MaximumKnownLength && previous.Length <= MaximumKnownLength)
            Next.TryAdd(previous, read);
        return read;
    }

    private int First(ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (IndexOf(name) is >= 0 and var at)
                return at;
        }
        return -1;
    }

    private int IndexOf(string name)
    {
        if (_index is not null)
            return _index.TryGetValue(name, out int found) ? found : -1;
        for (int i = 0; i < Count; i++)
        {
            if (_fields[i].Key == name)
                return i;
        }
        return -1;
    }

    private struct Field
    {
        public string Key;
        public JsonElement Value;
        public string? Text;
        public Fields? Inner;
    }
}

/// <summary>Searches for words in names and texts, case-sensitive.</summary>
internal static class Words
{
    public static bool ContainsAny(this string text, params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
        {
            if (text.Contains(part))
                return true;
        }
        return false;
    }

    public static bool EndsWithAny(this string text, params ReadOnlySpan<string> ends)
    {
        foreach (string end in ends)
        {
            if (text.EndsWith(end, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
