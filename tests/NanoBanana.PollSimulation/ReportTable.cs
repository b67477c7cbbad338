namespace NanoBanana.PollSimulation;

/// <summary>Writes what was measured in columns.</summary>
internal sealed class ReportTable(TextWriter output)
{
    public void Head() => Row("law", "schedule", "polls", "delay", "95th", "polls x delay", "of optimum");

    public void Write(LawStudy study)
    {
        string name = study.Law.Name;
        foreach ((string schedule, Outcome outcome) in study.Others)
            Row(name, schedule, outcome, study.Optimum);
        Row(name, "fixed, polls as cold", study.SamePolls, study.Optimum);
        Row(name, "ours, first 5 tasks", study.Cold, study.Optimum);
        Row(name, "ours, after 50", study.Warm, study.Optimum);
        Row(name, "ours, with progress", study.WithProgress, study.Optimum);
        Row(name, "optimum", study.Optimum, study.Optimum);
    }

    public void Write(ShiftStudy study)
    {
        Row(study.Name, "ours, first 20 tasks", study.First20, study.Optimum);
        Row(study.Name, "ours, after 20", study.After20, study.Optimum);
        Row(study.Name, "optimum", study.Optimum, study.Optimum);
    }

    public void Write(IEnumerable<Demand> demands)
    {
        output.WriteLine();
        output.WriteLine($"{"demand",-112}{"measured",10}{"at most",10}");
        foreach (Demand demand in demands)
            output.WriteLine(FormattableString.Invariant($"{demand.What,-112}{demand.Measure,10:0.00}{demand.Limit,10:0.00}  {(demand.IsMet ? "pass" : "FAIL")}"));
    }

    private void Row(string law, string schedule, Outcome outcome, Outcome optimum) => Row(
        law, schedule, Number(outcome.Polls), Number(outcome.Delay), Number(outcome.Delay95), Number(outcome.Product), Number(outcome.Product / optimum.Product));

    private void Row(string law, string schedule, params string[] numbers) =>
        output.WriteLine($"{law,-58}{schedule,-22}{string.Concat(numbers.Select(n => n.PadLeft(14)))}");

    private static string Number(double value) => value.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
