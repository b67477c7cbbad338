using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace NanoBanana;

/// <summary>A list whose text consists of its items, as a table shows them, instead of the name of a type.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "Users see a list.")]
internal sealed class ReadableList<T> : ReadOnlyCollection<T>
{
    private ReadableList(IList<T> items)
        : base(items)
    {
    }

    /// <summary>The items of a list; null for null.</summary>
    [return: NotNullIfNotNull(nameof(items))]
    public static IReadOnlyList<T>? Of(IReadOnlyList<T>? items) =>
        items is null or ReadableList<T> ? items : new ReadableList<T>(items as T[] ?? [.. items]);

    /// <summary>The items, separated by semicolons.</summary>
    public override string ToString() => string.Join("; ", this);
}

/// <summary>A table whose text consists of its entries.</summary>
internal sealed class ReadableTable : Dictionary<string, object?>
{
    private ReadableTable(IReadOnlyDictionary<string, object?> entries)
    {
        foreach (KeyValuePair<string, object?> entry in entries)
            this[entry.Key] = entry.Value;
    }

    /// <summary>The entries of a table; null for null.</summary>
    [return: NotNullIfNotNull(nameof(entries))]
    public static IReadOnlyDictionary<string, object?>? Of(IReadOnlyDictionary<string, object?>? entries) =>
        entries is null or ReadableTable ? entries : new ReadableTable(entries);

    /// <summary>The entries as <c>key=value</c>, separated by semicolons.</summary>
    public override string ToString() => string.Join("; ", this.Select(entry => $"{entry.Key}={TextOf(entry.Value)}"));

    private static string TextOf(object? value) => value switch
    {
        null => "",
        string text => text,
        IReadOnlyDictionary<string, object?> table => $"{{{Of(table)}}}",
        System.Collections.IEnumerable items => string.Join(", ", items.Cast<object?>().Select(TextOf)),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
