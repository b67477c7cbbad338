namespace NanoBanana.Client.Polling.Prediction;

/// <summary>
/// The polls with the lowest cost for a distribution of completion times. The cost is the delay until the end is observed plus a price for
/// each poll (Barlow, Hunter and Proschan, 1963). For dense polls this is Keller's rule (1974), a density proportional to the square root
/// of the hazard. For few polls, as here, it is better.
/// </summary>
/// <remarks>
/// Computed from the last age to the first: the least cost from age i on, times the share S_i that reaches it, is W_i = min over j of S_i
/// (price + t_j - t_i) - (G_i - G_j) + W_j, where G is the tail's integral of S. For each j that is a straight line in S_i, and S_i only
/// increases, so a lower hull finds the least line in linear time.
/// </remarks>
internal sealed class PollPlan
{
    /// <summary>The age in seconds from which a plan would only reach the end of the grid.</summary>
    private const double EndOfPlan = 3_000;

    private const double GrowthBeyond = 1.05;

    private readonly double[] _next = new double[AgeGrid.Cells + 1];
    private readonly double[] _intercept = new double[AgeGrid.Cells + 1];
    private readonly int[] _hull = new int[AgeGrid.Cells + 1];

    /// <summary>Computes the plan for a distribution.</summary>
    /// <param name="survival">The share of tasks that run longer, at each point of the grid.</param>
    /// <param name="price">The price of a poll, in seconds of delay.</param>
    public void Compute(double[] survival, double price)
    {
        const int Last = AgeGrid.Cells;
        int front = 0;
        int back = 0;
        double tail = 0;
        _next[Last] = AgeGrid.AgeAt(Last);
        _intercept[Last] = 0;
        _hull[back++] = Last;
        for (int i = Last - 1; i >= 0; i--)
        {
            double share = survival[i];
            tail += (AgeGrid.AgeAt(i + 1) - AgeGrid.AgeAt(i)) * (share + survival[i + 1]) / 2;
            while (back - front > 1 && Cost(_hull[front + 1], share) <= Cost(_hull[front], share))
                front++;
            _next[i] = AgeGrid.AgeAt(_hull[front]);
            double least = share * (price - AgeGrid.AgeAt(i)) - tail + Cost(_hull[front], share);
            _intercept[i] = least + tail;
            while (back - front > 1 && IsNeverLeast(_hull[back - 2], _hull[back - 1], i))
                back--;
            _hull[back++] = i;
        }
    }

    /// <summary>The age at the next poll of a task that was known to run at an age; both in seconds.</summary>
    public double NextAfter(double age) => age < EndOfPlan ? AgeGrid.Interpolate(_next, AgeGrid.PositionOf(age)) : age * GrowthBeyond;

    private double Cost(int point, double share) => AgeGrid.AgeAt(point) * share + _intercept[point];

    /// <summary>Whether the middle one of three lines with falling slopes is never the lowest.</summary>
    private bool IsNeverLeast(int first, int middle, int last) =>
        (_intercept[last] - _intercept[first]) * (AgeGrid.AgeAt(first) - AgeGrid.AgeAt(middle))
        <= (_intercept[middle] - _intercept[first]) * (AgeGrid.AgeAt(first) - AgeGrid.AgeAt(last));
}
