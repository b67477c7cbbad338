namespace NanoBanana.Client.Polling.Prediction;

/// <summary>
/// The polls that cost the least for a distribution of completion times, where the cost is the delay of seeing the end
/// plus a price for each poll (Barlow, Hunter and Proschan, 1963). Where polls are dense this is Keller's rule (1974), a
/// density in proportion to the square root of the hazard; where they are few, as here, it is better.
/// </summary>
/// <remarks>
/// Backwards over the ages: the least cost from age i on, times the share S_i that gets there, is
/// W_i = min over j of S_i (price + t_j - t_i) - (G_i - G_j) + W_j, where G is the tail's integral of S. For each j that is
/// a straight line in S_i, and S_i only grows on the way, so the least line is found by a lower hull in linear time.
/// </remarks>
internal sealed class PollPlan
{
    /// <summary>From there on, in seconds, a plan would only see the end of the grid.</summary>
    private const double EndOfPlan = 3_000;

    private const double GrowthBeyond = 1.05;

    private readonly double[] _next = new double[AgeGrid.Cells + 1];
    private readonly double[] _intercept = new double[AgeGrid.Cells + 1];
    private readonly int[] _hull = new int[AgeGrid.Cells + 1];

    /// <summary>Computes the plan for a distribution.</summary>
    /// <param name="survival">The share that runs longer, at each point of the grid.</param>
    /// <param name="price">What a poll costs, in seconds of delay.</param>
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

    /// <summary>The age of the next poll of a task that was seen to run at an age; both in seconds.</summary>
    public double NextAfter(double age) => age < EndOfPlan ? AgeGrid.Interpolate(_next, AgeGrid.PositionOf(age)) : age * GrowthBeyond;

    private double Cost(int point, double share) => AgeGrid.AgeAt(point) * share + _intercept[point];

    /// <summary>Whether the middle one of three lines, of falling slope, lies above the two others everywhere.</summary>
    private bool IsNeverLeast(int first, int middle, int last) =>
        (_intercept[last] - _intercept[first]) * (AgeGrid.AgeAt(first) - AgeGrid.AgeAt(middle))
        <= (_intercept[middle] - _intercept[first]) * (AgeGrid.AgeAt(first) - AgeGrid.AgeAt(last));
}
