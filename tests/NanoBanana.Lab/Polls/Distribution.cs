namespace NanoBanana.Lab.Polls;

/// <summary>A distribution of completion times, in seconds.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Survival">The share of tasks that run longer.</param>
/// <param name="Draw">One completion time.</param>
internal sealed record Distribution(string Name, Func<double, double> Survival, Func<Random, double> Draw)
{
    public static Distribution Lognormal(double median, double sigma) => new(
        FormattableString.Invariant($"lognormal {median} s, sigma {sigma:0.00}"),
        t => t <= 0 ? 1 : NormalTail(Math.Log(t / median) / sigma),
        random => median * Math.Exp(sigma * Normal(random)));

    /// <summary>Two groups of tasks, a fast one and a slow one.</summary>
    public static Distribution Bimodal(double first, double second, double shareOfFirst, double sigma)
    {
        (Distribution quick, Distribution slow) = (Lognormal(first, sigma), Lognormal(second, sigma));
        return new(
            FormattableString.Invariant($"bimodal, {first} s and {second} s"),
            t => shareOfFirst * quick.Survival(t) + (1 - shareOfFirst) * slow.Survival(t),
            random => (random.NextDouble() < shareOfFirst ? quick : slow).Draw(random));
    }

    /// <summary>Log-logistic: the share above t decreases as a power of t, up to 600 s, the time-out of a wait.</summary>
    public static Distribution HeavyTail(double median, double power)
    {
        double last = 1 / (1 + Math.Pow(600 / median, power));
        return new(
            FormattableString.Invariant($"heavy tail, median {median} s"),
            t => Math.Max(0, (1 / (1 + Math.Pow(t / median, power)) - last) / (1 - last)),
            random => median * Math.Pow(1 / (1 - random.NextDouble() * (1 - last)) - 1, 1 / power));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Abramowitz and Stegun 7.1.26, with an error below 1.5e-7.</summary>
    private static double NormalTail(double z)
    {
        double x = Math.Abs(z) / Math.Sqrt(2);
        double t = 1 / (1 + 0.3275911 * x);
        double polynomial = 0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)));
        double half = 0.5 * t * polynomial * Math.Exp(-x * x);
        return z >= 0 ? half : 1 - half;
    }
}
