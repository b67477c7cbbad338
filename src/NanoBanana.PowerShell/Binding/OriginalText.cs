using System.Collections;
using System.Globalization;

namespace NanoBanana.Binding;

/// <summary>
/// The text of a value as it is in the user's file. Readers of JSON and workbooks convert text to dates, numbers and Boolean values, and
/// PowerShell's own conversion back to text can return another text.
/// </summary>
internal static class OriginalText
{
    /// <summary>Excel's day zero, the date of a time without a date. Some readers use the day before or after it.</summary>
    private static readonly DateTime DayZero = new(1899, 12, 30);

    /// <summary>The text of a string, a number, a Boolean value, a date, a time, or an enumeration; null for anything else.</summary>
    /// <exception cref="ArgumentTransformationMetadataException">A date whose original text is lost.</exception>
    public static string? Of(object value, string subject) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        DateTime { Kind: DateTimeKind.Local } => throw new ArgumentTransformationMetadataException(Messages.LocalDate(subject)),
        DateTime date => OfDate(date),
        DateTimeOffset date => date.ToString(
            "yyyy-MM-dd'T'HH:mm:ss" + Fraction(date.Ticks) + (date.Offset == TimeSpan.Zero ? "'Z'" : "zzz"), CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        Enum or Guid or Uri or char => value.ToString(),
        IFormattable number when value.GetType().IsPrimitive || value is decimal or System.Numerics.BigInteger =>
            number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Whether a cell is empty: null, DBNull, or only white space.</summary>
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

    /// <summary>The format of a fraction of a second: three digits for whole milliseconds, or as many digits as required.</summary>
    private static string Fraction(long ticks) => (ticks % TimeSpan.TicksPerSecond) switch
    {
        0 => "",
        var part when part % TimeSpan.TicksPerMillisecond == 0 => "'.'fff",
        _ => "'.'FFFFFFF",
    };
}

/// <summary>Takes one value of a cell as text. Refuses lists and objects, whose text would be the name of a type.</summary>
/// <param name="subject">The subject of the error message, such as "A name".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OriginalTextAttribute(string subject) : ArgumentTransformationAttribute
{
    /// <summary>Whether a list is accepted, each element as text. The result is then always a list.</summary>
    public bool TakesLists { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        !TakesLists || OriginalText.Unwrap(inputData) is null ? One(inputData)
        : OriginalText.Unwrap(inputData) is IList list and not byte[]
        ? list.Cast<object?>().Select(item => item is null ? "" : (string)One(item)).ToArray()
        : new[] { (string)One(inputData) };

    private object One(object inputData) => OriginalText.Unwrap(inputData) switch
    {
        null => inputData,
        DBNull => "",
        IList { Count: 1 } list and not byte[] => One(list[0] ?? ""),
        var value => OriginalText.Of(value, subject)
            ?? throw new ArgumentTransformationMetadataException(Messages.NotOneString(subject, Messages.KindOf(value))),
    };
}
