namespace NanoBanana.Emulator.Http;

/// <summary>Header fields in the order of the wire. Requests carry a handful, so a scan beats a hash.</summary>
internal sealed class HttpHeaders
{
    private readonly List<KeyValuePair<string, string>> _fields = new(8);

    public int Count => _fields.Count;

    /// <summary>The value of a field, or null. Several lines of one name are one list (RFC 9110, 5.3).</summary>
    public string? this[string name]
    {
        get
        {
            string? value = null;
            foreach (var field in _fields)
            {
                if (field.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                    value = value is null ? field.Value : value + ", " + field.Value;
            }

            return value;
        }
    }

    public KeyValuePair<string, string> At(int index) => _fields[index];

    public void Add(string name, string value) => _fields.Add(new(name, value));
}
