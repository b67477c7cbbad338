using System.Globalization;

namespace NanoBanana.Client.Journal;

/// <summary>What was bought: by one entry, or in all of a run or a day.</summary>
/// <param name="Images">Tasks that made or may make an image.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Cost">In the provider's unit.</param>
public readonly record struct Spending(long Images, long Tokens, decimal Cost)
{
    /// <summary>Both together.</summary>
    public static Spending operator +(Spending a, Spending b) => new(a.Images + b.Images, a.Tokens + b.Tokens, a.Cost + b.Cost);

    /// <summary>The difference.</summary>
    public static Spending operator -(Spending a, Spending b) => new(a.Images - b.Images, a.Tokens - b.Tokens, a.Cost - b.Cost);

    /// <summary>The scope of a day in UTC.</summary>
    internal static string DayOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>The most that may be bought in a run or in a day (decision 0025). What is null has no limit.</summary>
public sealed record SpendingLimits
{
    /// <summary>No limits.</summary>
    public static readonly SpendingLimits None = new();

    /// <summary>The most images, from 0.</summary>
    public long? Images { get; init; }

    /// <summary>The most tokens, from 0.</summary>
    public long? Tokens { get; init; }

    /// <summary>The highest cost in the provider's unit, from 0.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The most that an image is assumed to cost, for a limit of the cost; null for the highest one that the journal has seen.</summary>
    public decimal? CostPerImage { get; init; }

    /// <summary>Whether there is no limit.</summary>
    public bool AreNone => Images is null && Tokens is null && Cost is null;

    /// <summary>The stricter one of each.</summary>
    public SpendingLimits And(SpendingLimits other) => new()
    {
        Images = Least(Images, other.Images),
        Tokens = Least(Tokens, other.Tokens),
        Cost = Least(Cost, other.Cost),
        CostPerImage = -Least(-CostPerImage, -other.CostPerImage),
    };

    /// <summary>The limits of a run in the environment, for unattended use.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not a number from 0.</exception>
    public static SpendingLimits OfRunInEnvironment() => FromEnvironment("");

    /// <summary>The limits of a day in the environment, and the price of an image there.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a value is not a number from 0.</exception>
    public static SpendingLimits OfDayInEnvironment() =>
        FromEnvironment("_PER_DAY") with { CostPerImage = Number(PriceVariable, NumberStyles.AllowDecimalPoint) };

    /// <summary>The environment variable with the highest price of an image.</summary>
    internal const string PriceVariable = "NANOBANANA_MAXIMUM_COST_PER_IMAGE";

    /// <summary>The first limit that has no room for another purchase; null when it fits.</summary>
    /// <param name="spent">What is spent and reserved.</param>
    /// <param name="next">The worst case of the purchase.</param>
    internal Shortage? ShortageOf(Spending spent, Spending next)
    {
        Spending after = spent + next;
        if (after.Images > Images)
            return new Shortage("images", "Images", Images.Value, next.Images, amount => amount.Images);
        if (after.Tokens > Tokens)
            return new Shortage("tokens", "Tokens", Tokens.Value, next.Tokens, amount => amount.Tokens);
        return after.Cost > Cost ? new Shortage("of cost", "Cost", Cost.Value, next.Cost, amount => amount.Cost) : null;
    }

    /// <summary>A limit that has no room.</summary>
    /// <param name="Unit">Its unit, after a number.</param>
    /// <param name="Parameter">The middle of its parameter's name.</param>
    /// <param name="Limit">The limit.</param>
    /// <param name="Needed">What the next request may use.</param>
    /// <param name="In">Its part of an amount.</param>
    internal sealed record Shortage(string Unit, string Parameter, decimal Limit, decimal Needed, Func<Spending, decimal> In)
    {
        /// <summary>What a user reads of it.</summary>
        /// <param name="day">The day; null for a run.</param>
        /// <param name="spent">What is spent and reserved.</param>
        /// <param name="reserved">What of it is reserved for tasks that have not ended.</param>
        public string Describe(string? day, Spending spent, Spending reserved)
        {
            string variable = $"$env:NANOBANANA_MAXIMUM_{Parameter.ToUpperInvariant()}{(day is null ? "" : "_PER_DAY")}";
            return string.Format(
                CultureInfo.InvariantCulture,
                "The budget of {0} is exhausted: {1:0.############} {2} (-Maximum{3}{4} or {5}). {6:0.############} are spent, "
                + "{7:0.############} are reserved for tasks without an end, and the next request can need {8:0.############}.",
                day is null ? "this run" : $"the day {day} (UTC)", Limit, Unit, Parameter, day is null ? "" : "PerDay", variable,
                In(spent) - In(reserved), In(reserved), Needed);
        }
    }

    private static SpendingLimits FromEnvironment(string ending) => new()
    {
        Images = (long?)Number($"NANOBANANA_MAXIMUM_IMAGES{ending}", NumberStyles.None),
        Tokens = (long?)Number($"NANOBANANA_MAXIMUM_TOKENS{ending}", NumberStyles.None),
        Cost = Number($"NANOBANANA_MAXIMUM_COST{ending}", NumberStyles.AllowDecimalPoint),
    };

    /// <summary>A limit that can't be read is no reason to buy without it.</summary>
    private static decimal? Number(string variable, NumberStyles style)
    {
        string? text = Environment.GetEnvironmentVariable(variable)?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        return decimal.TryParse(text, style, CultureInfo.InvariantCulture, out decimal number) && number <= long.MaxValue
            ? number
            : throw new NanoBananaException(
                NanoBananaErrorKind.InvalidRequest,
                $"$env:{variable} is '{TextSafety.Excerpt(text)}', which is no limit. Set a number from 0"
                + $"{(style == NumberStyles.None ? " without a fraction" : " such as 12.50")}, or remove the variable. Nothing was bought.");
    }

    private static T? Least<T>(T? a, T? b)
        where T : struct, IComparable<T> => a is { } first && b is { } second ? (first.CompareTo(second) <= 0 ? first : second) : a ?? b;
}
