using System.Collections;
using System.Globalization;

namespace NanoBanana.Binding;

/// <summary>
/// The text of a value as its file has it. A reader of JSON or of a workbook makes dates, numbers and truth values of what was
/// written as text there; PowerShell's own conversion would write them in another way.
/// </summary>
internal static class WrittenText
{
    /// <summary>Excel's day zero: what it gives to a time of day without a date. Some readers begin a day later or earlier.</summary>
    private static readonly DateTime DayZero = new(1899, 12, 30);

    /// <summary>The text of a string, a number, a truth value, a date, a time, or an enumeration; null for anything else.</summary>
    /// <exception cref="ArgumentTransformationMetadataException">A date whose text is lost.</exception>
    public static string? Of(object value, string what) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        DateTime { Kind: DateTimeKind.Local } => throw new ArgumentTransformationMetadataException(
            $"{what} is text, and this is a date in this machine's time zone: ConvertFrom-Json changes a text with an offset to that, and "
                + $"its own "
            + "text is lost. Read it with ConvertFrom-Json -DateKind String, or give text, such as $_.ToString('s')."),
        DateTime date => OfDate(date),
        DateTimeOffset date => date.ToString(
            "yyyy-MM-dd'T'HH:mm:ss" + Fraction(date.Ticks) + (date.Offset == TimeSpan.Zero ? "'Z'" : "zzz"), CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        Enum or Guid or Uri or char => value.ToString(),
        IFormattable number when value.GetType().IsPrimitive || value is decimal or System.Numerics.BigInteger =>
            number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Whether a cell holds nothing: also one of a database, and one of white space of any kind.</summary>
    public static bool IsBlank(object? value) => Unwrap(value) switch
    {
        null or DBNull => true,
        string text => text.All(c => char.IsWhiteSpace(c) || c is '\uFEFF' or '\u200B'),
        _ => false,
    };

    /// <summary>The object without PowerShell's wrapper.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static string OfDate(DateTime date) => (date.Date - DayZero).TotalDays is >= 0 and <= 2
        ? date.TimeOfDay.ToString("c", CultureInfo.InvariantCulture)
        : date.ToString("yyyy-MM-dd'T'HH:mm:ss" + Fraction(date.Ticks) + (date.Kind == DateTimeKind.Utc ? "'Z'" : ""),
        CultureInfo.InvariantCulture);

    /// <summary>Milliseconds have three digits wherever they are written; other fractions as many as they need.</summary>
    private static string Fraction(long ticks) => (ticks % TimeSpan.TicksPerSecond) switch
    {
        0 => "",
        var part when part % TimeSpan.TicksPerMillisecond == 0 => "'.'fff",
        _ => "'.'FFFFFFF",
    };
}

/// <summary>Takes one value of a cell as text, and neither a list nor an object, whose text would be its type's name.</summary>
/// <param name="what">What the text is, for the error message.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WrittenTextAttribute(string what) : ArgumentTransformationAttribute
{
    /// <summary>Whether a list is taken, each element as text; what is taken is a list then in any case.</summary>
    public bool TakesLists { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => !TakesLists || WrittenText.Unwrap(inputData) is null
        ? One(inputData)
        : WrittenText.Unwrap(inputData) is IList list and not byte[]
        ? list.Cast<object?>().Select(item => item is null ? "" : (string)One(item)).ToArray()
        : new[] { (string)One(inputData) };

    private object One(object inputData) => WrittenText.Unwrap(inputData) switch
    {
        null => inputData,
        DBNull => "",
        IList { Count: 1 } list and not byte[] => One(list[0] ?? ""),
        var value => WrittenText.Of(value, what) ?? throw new ArgumentTransformationMetadataException(
            $"{what} is text, and this is {PromptReader.Kind(value)}. Give one string."),
    };
}
