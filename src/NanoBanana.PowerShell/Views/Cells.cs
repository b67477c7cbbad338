using System.Globalization;
using System.Runtime.CompilerServices;
using NanoBanana.Client.Text;

namespace NanoBanana.Views;

/// <summary>
/// The cells of an object's views, as properties. Properties of the object are read by name, because an object from a job does not have its
/// type. All text is cleaned for the terminal, because a prompt or a path can be from anyone.
/// </summary>
internal abstract class Cells(PSObject source)
{
    /// <summary>The object.</summary>
    protected PSObject Source => source;

    /// <summary>A cleaned text with its lines.</summary>
    public static string Clean(string? text) => TextSafety.Clean(text ?? "");

    /// <summary>A cleaned text on one line.</summary>
    public static string OneLine(string? text) => TextSafety.Excerpt(text, int.MaxValue);

    /// <summary>The property of the same name, as text.</summary>
    protected string? Text([CallerMemberName] string property = "") =>
        source.Read<string>(property) is { } text ? Clean(text) : null;

    /// <summary>
    /// The address in the property of the same name, escaped: an address can contain characters that reverse the direction of a line.
    /// </summary>
    protected string? Address([CallerMemberName] string property = "") => source.Properties[property]?.Value switch
    {
        Uri { IsAbsoluteUri: true } uri => Clean(uri.AbsoluteUri),
        null => null,
        var other => Clean($"{other}"),
    };

    /// <summary>A time as in <c>ls -l</c>: the hour for today, the day for this year, otherwise the month.</summary>
    protected string? ShortTime(string property)
    {
        if (TaskReader.Time(source, property) is not { } time)
            return null;
        (DateTime local, DateTime now) = (time.LocalDateTime, DateTime.Now);
        string format = local.Date == now.Date ? "HH:mm" : local.Year == now.Year ? "MM-dd" : "yyyy-MM";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The elapsed time: <c>8.4 s</c>, <c>2m 05s</c>, <c>1h 02m</c>.</summary>
    public string? Elapsed
    {
        get
        {
            if (source.Read<TimeSpan?>(nameof(Elapsed)) is not { } elapsed)
                return null;
            // Rounded first, so that 59.96 s is a minute.
            var time = TimeSpan.FromSeconds(Math.Round(elapsed.TotalSeconds, 1));
            if (time.TotalMinutes < 1)
                return time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
            return time.TotalHours < 1
                ? string.Format(CultureInfo.InvariantCulture, "{0}m {1:00}s", time.Minutes, time.Seconds)
                : string.Format(CultureInfo.InvariantCulture, "{0}h {1:00}m", (long)time.TotalHours, time.Minutes);
        }
    }

    /// <summary>A size in the units of PowerShell, where 1KB is 1024 bytes: <c>1.3 MB</c>.</summary>
    protected string? Bytes(string property) => source.Read<long?>(property) is { } length ? ByteSize.Describe(length) : null;
}

/// <summary>Reads properties by name.</summary>
internal static class PropertyReading
{
    /// <returns>The value; null if it does not exist or is of another type.</returns>
    public static T? Read<T>(this PSObject source, string property)
    {
        object? value = source.Properties[property]?.Value;
        return value is not null && LanguagePrimitives.TryConvertTo(value, out T read) ? read : default;
    }
}

/// <summary>The cells of objects with only texts and addresses.</summary>
internal sealed class PlainCells(PSObject source) : Cells(source)
{
    public string? Endpoint => Address();

    public string? DownloadEndpoint => Address();

    public string? Proxy => Source.Properties[nameof(Proxy)]?.Value is Uri ? Address() : Text();

    public string? Url => Address();

    public string? Batch => Text();

    public string? Service => Text();

    public string? ApiKey => Text();

    public string? Clock => Text();

    public string? Journal => Text();

    public string? Destination => Text();

    public string? From => Text();

    public string? To => Text();

    public string? Id => Text();

    public string? ContentType => Text();

    public string? FileName => Text();

    public string? Code => Text();

    public string? Message => Text();

    public string? Meaning => Text();

    public string? Advice => Text();

    public string Header => Clean(string.Join(", ", Source.Read<string[]>(nameof(Header)) ?? []));

    /// <summary>The text of the object, on one line.</summary>
    public string Title => OneLine(Source.ToString());
}
