using System.Globalization;

namespace NanoBanana.Lab.Polls;

/// <summary>The studies as rows of one table.</summary>
internal static class StudyTable
{
    public static IReadOnlyList<string> Head { get; } =
        ["distribution", "schedule", "polls", "delay, s", "95th, s", "polls x delay", "of the optimum's"];

    public static IEnumerable<string[]> Rows(DistributionStudy study) =>
    [
        .. study.Others.Select(other => Row(study.Distribution.Name, other.Name, other.Outcome, study.Optimum)),
        Row(study.Distribution.Name, "fixed, polls as cold", study.SamePolls, study.Optimum),
        Row(study.Distribution.Name, "ours, first 5 tasks", study.Cold, study.Optimum),
        Row(study.Distribution.Name, "ours, after 50", study.Warm, study.Optimum),
        Row(study.Distribution.Name, "ours, with progress", study.WithProgress, study.Optimum),
        Row(study.Distribution.Name, "optimum", study.Optimum, study.Optimum),
    ];

    public static IEnumerable<string[]> Rows(ShiftStudy study) =>
    [
        Row(study.Name, "ours, first 20 tasks", study.First20, study.Optimum),
        Row(study.Name, "ours, after 20", study.After20, study.Optimum),
        Row(study.Name, "optimum", study.Optimum, study.Optimum),
    ];

    private static string[] Row(string distribution, string schedule, Outcome outcome, Outcome optimum) =>
    [
        distribution, schedule, Number(outcome.Polls), Number(outcome.Delay), Number(outcome.Delay95), Number(outcome.Product),
        Number(outcome.Product / optimum.Product),
    ];

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
