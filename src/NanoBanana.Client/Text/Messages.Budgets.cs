using System.Globalization;

namespace NanoBanana.Client.Text;

/// <summary>The texts that users see about limits, prices, and batches that were stopped.</summary>
internal static partial class Messages
{
    /// <param name="day">The day in UTC, as yyyy-MM-dd; null for the budget of a run.</param>
    /// <param name="limit">The limit with its unit, such as "3 images".</param>
    /// <param name="parameter">The parameter that sets the limit.</param>
    /// <param name="variable">The environment variable that sets the limit.</param>
    /// <param name="used">The amount that tasks have used.</param>
    /// <param name="reserved">The amount that is reserved for tasks that have not ended.</param>
    /// <param name="needed">The highest amount that the next request can use.</param>
    public static string BudgetExhausted(
        string? day, string limit, string parameter, string variable, decimal used, decimal reserved, decimal needed) =>
        $"The budget of {(day is null ? "this run" : $"the day {day} (UTC)")} is exhausted. The limit is {limit} "
        + $"(-{parameter} or $env:{variable}). Used: {Amount(used)}. Reserved for tasks that have not ended: {Amount(reserved)}. "
        + $"The next request can use up to {Amount(needed)}.{(day is null ? "" : " The limit starts again at midnight UTC.")}";

    public static string ImageLimit(decimal images) => $"{Amount(images)} {(images == 1 ? "image" : "images")}";

    public static string TokenLimit(decimal tokens) => $"{Amount(tokens)} {(tokens == 1 ? "token" : "tokens")}";

    public static string CostLimit(decimal cost) => $"a cost of {Amount(cost)}";

    public static string LimitNotValid(string variable, string value, bool isWholeNumber) =>
        $"$env:{variable} is '{TextSafety.Excerpt(value)}', which is not a valid limit. "
        + $"Set {(isWholeNumber ? "a whole number from 0" : "a number from 0, for example 12.50")}, or remove the variable. "
        + "Nothing was sent.";

    public static string PriceUnknown(string resolution, string variable) =>
        $"The cost is limited, but the journal has no cost of an image with the resolution {resolution} from this service. "
        + $"Set the maximum cost of an image with Connect-NanoBanana -MaximumCostPerImage or $env:{variable}. The request was not sent.";

    public static string BatchStopped(string batch, DateTimeOffset at, string process) =>
        FormattableString.Invariant($"Batch '{TextSafety.Excerpt(batch)}' was stopped at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ")
        + $"by {TextSafety.Excerpt(process)} with Stop-NanoBananaBatch. To continue, run the same inputs again.";

    private static string Amount(decimal amount) => amount.ToString("0.############", CultureInfo.InvariantCulture);
}
