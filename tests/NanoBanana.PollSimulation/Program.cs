using System.Diagnostics;
using System.Globalization;
using NanoBanana.PollSimulation;

// How well polls are aimed, against what is possible. --quick: fewer sessions, for a build; --seed N: other dice.
bool quick = args.Contains("--quick");
int seed = Array.IndexOf(args, "--seed") is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : 1;
var watch = Stopwatch.StartNew();
var table = new ReportTable(Console.Out);
var demands = new List<Demand>();

int sessions = quick ? 48 : 240;
List<(Distribution Law, bool IsLognormal)> laws = [];
foreach (double median in quick ? [4, 15, 60] : new double[] { 4, 8, 15, 30, 60 })
    laws.AddRange(new[] { 0.25, 0.5, 0.8 }.Select(sigma => (Distribution.Lognormal(median, sigma), true)));
laws.Add((Distribution.TwoHumps(8, 35, 0.7, 0.2), false));
laws.Add((Distribution.HeavyTail(12, 1.5), false));

table.Head();
foreach ((Distribution law, bool isLognormal) in laws)
{
    var study = new LawStudy(law, isLognormal, sessions, seed);
    table.Write(study);
    demands.AddRange(study.Demands);
}
(Distribution quicker, Distribution slower) = (Distribution.Lognormal(10, 0.35), Distribution.Lognormal(30, 0.35));
foreach ((Distribution before, Distribution after) in new[] { (quicker, slower), (slower, quicker) })
{
    var study = new ShiftStudy(before, after, sessions, seed);
    table.Write(study);
    demands.AddRange(study.Demands);
}
demands.AddRange(Crowds.Demands(quick, seed));

table.Write(demands);
Console.WriteLine(FormattableString.Invariant($"{demands.Count(d => d.IsMet)} of {demands.Count} demands met, seed {seed}, {watch.Elapsed.TotalSeconds:0} s."));
return demands.All(d => d.IsMet) ? 0 : 1;
