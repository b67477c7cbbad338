using System.Globalization;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Journal;

/// <summary>The amount that an entry, a run or a day has spent and reserved.</summary>
/// <param name="Images">The number of tasks that made or can make an image.</param>
/// <param name="Tokens">The number of tokens.</param>
/// <param name="Cost">The cost in the provider's unit.</param>
public readonly record struct Spending(long Images, long Tokens, decimal Cost)
{
    /// <summary>The sum.</summary>
    public static Spending operator +(Spending a, Spending b) => new(a.Images + b.Images, a.Tokens + b.Tokens, a.Cost + b.Cost);

    /// <summary>The difference.</summary>
    public static Spending operator -(Spending a, Spending b) => new(a.Images - b.Images, a.Tokens - b.Tokens, a.Cost - b.Cost);

    /// <summary>The scope of a day in UTC.</summary>
    internal static string DayOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>The limits of a run or a day (decision 0025). Null is no limit.</summary>
public sealed record SpendingLimits
{
    /// <summary>No limits.</summary>
    public static readonly SpendingLimits None = new();

    /// <summary>The maximum number of images, from 0.</summary>
    public long? Images { get; init; }

    /// <summary>The maximum number of tokens, from 0.</summary>
    public long? Tokens { get; init; }

    /// <summary>The maximum cost in the provider's unit, from 0.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The assumed maximum cost of an image, for a limit of the cost; null for the highest cost in the journal.</summary>
    public decimal? CostPerImage { get; init; }

    /// <summary>Whether there is no limit.</summary>
    public bool AreUnlimited => Images is null && Tokens is null && Cost is null;

    /// <summary>The lower limit of each kind, and the higher price.</summary>
    public SpendingLimits And(SpendingLimits other) => new()
    {
        Images = Lower(Images, other.Images),
        Tokens = Lower(Tokens, other.Tokens),
        Cost = Lower(Cost, other.Cost),
        CostPerImage = -Lower(-CostPerImage, -other.CostPerImage),
    };

    /// <summary>The limits of a run from the environment.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not a number from 0.</exception>
    public static SpendingLimits OfRunInEnvironment() => FromEnvironment("");

    /// <summary>The limits of a day and the price of an image from the environment.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not a number from 0.</exception>
    public static SpendingLimits OfDayInEnvironment() =>
        FromEnvironment("_PER_DAY") with { CostPerImage = Number(PriceVariable, NumberStyles.AllowDecimalPoint) };

    /// <summary>The environment variable with the maximum cost of an image.</summary>
    internal const string PriceVariable = "NANOBANANA_MAXIMUM_COST_PER_IMAGE";

    /// <summary>The first limit that the next submission would exceed; null if it fits.</summary>
    /// <param name="spent">The spent and reserved amount.</param>
    /// <param name="next">The worst case of the next submission.</param>
    internal Shortage? ShortageOf(Spending spent, Spending next)
    {
        Spending after = spent + next;
        if (after.Images > Images)
            return new Shortage("Images", Messages.ImageLimit(Images.Value), next.Images, amount => amount.Images);
        if (after.Tokens > Tokens)
            return new Shortage("Tokens", Messages.TokenLimit(Tokens.Value), next.Tokens, amount => amount.Tokens);
        return after.Cost > Cost ? new Shortage("Cost", Messages.CostLimit(Cost.Value), next.Cost, amount => amount.Cost) : null;
    }

    /// <summary>A limit that the next submission would exceed.</summary>
    /// <param name="Kind">The middle of the name of its parameter.</param>
    /// <param name="Limit">The limit with its unit.</param>
    /// <param name="Needed">The amount that the next request can use.</param>
    /// <param name="AmountOf">Selects the part of an amount that is limited.</param>
    internal sealed record Shortage(string Kind, string Limit, decimal Needed, Func<Spending, decimal> AmountOf)
    {
        /// <summary>The message for users.</summary>
        /// <param name="day">The day; null for a run.</param>
        /// <param name="spent">The spent and reserved amount.</param>
        /// <param name="reserved">The part of it that is reserved for tasks that have not ended.</param>
        public string Describe(string? day, Spending spent, Spending reserved) => Messages.BudgetExhausted(
            day, Limit, $"Maximum{Kind}{(day is null ? "" : "PerDay")}",
            $"NANOBANANA_MAXIMUM_{Kind.ToUpperInvariant()}{(day is null ? "" : "_PER_DAY")}",
            AmountOf(spent) - AmountOf(reserved), AmountOf(reserved), Needed);
    }

    private static SpendingLimits FromEnvironment(string ending) => new()
    {
        Images = (long?)Number($"NANOBANANA_MAXIMUM_IMAGES{ending}", NumberStyles.None),
        Tokens = (long?)Number($"NANOBANANA_MAXIMUM_TOKENS{ending}", NumberStyles.None),
        Cost = Number($"NANOBANANA_MAXIMUM_COST{ending}", NumberStyles.AllowDecimalPoint),
    };

    /// <summary>Reads a limit. A value that can't be read is an error, because submitting without the limit could cost more.</summary>
    private static decimal? Number(string variable, NumberStyles style)
    {
        string? text = Environment.GetEnvironmentVariable(variable)?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        return decimal.TryParse(text, style, CultureInfo.InvariantCulture, out decimal number) && number <= long.MaxValue
            ? number
            : throw new NanoBananaException(
                NanoBananaErrorKind.InvalidRequest, Messages.LimitNotValid(variable, text!, isWholeNumber: style == NumberStyles.None));
    }

    private static T? Lower<T>(T? a, T? b)
        where T : struct, IComparable<T> => a is { } first && b is { } second ? (first.CompareTo(second) <= 0 ? first : second) : a ?? b;
}
