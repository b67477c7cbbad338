using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NanoBanana.Lab.Postgres;

namespace NanoBanana.Lab.Machines;

/// <summary><c>machines</c>: docs/reliability.md.</summary>
internal static class MachinesCommand
{
    public const string Kind = "machines";

    /// <summary>
    /// Everything runs in namespaces of its own, so that nothing of it outlives this process: not a server, not a link. The shell is the
    /// first process there. It waits until the server's folder is removed; its end kills what is left.
    /// </summary>
    private const string Place = """
        mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip link set lo up || exit 1
        "$@"
        code=$?
        tries=0
        while set -- /proc/[0-9]* && [ $# -gt 1 ] && [ $tries -lt 150 ]; do
            tries=$((tries + 1))
            sleep 0.1
        done
        exit $code
        """;

    private static readonly Option<int> Faults = Verb.Number("--faults", 40, least: 1, "Faults in all, in as many batches as it takes.");
    private static readonly Option<int> Seed = Verb.Number("--seed", 7, least: 0, "Repeats the same choice of faults.");
    private static readonly Option<int> Machines = Verb.Number("--machines", 3, least: 1, "Machines that work on each batch.");
    private static readonly Option<int> Prompts = Verb.Number("--prompts", 60, least: 5, "Prompts of each batch.");
    private static readonly Option<int> Lease = Verb.Number("--lease", 12, least: 2, "Seconds of a lease; the module's own: 60.");
    private static readonly Option<bool> Sqlite = new("--sqlite") { Description = "A shared file instead of PostgreSQL." };

    private static readonly Option<bool> Keep = new("--keep") { Description = "Leaves logs, images and tables in any case." };

    private static readonly Option<string> With = new("--with")
    {
        HelpName = "kill,pause,…",
        Description = $"The faults: any of {Names}; all if left out.",
        CustomParser = argument =>
        {
            string[] names = argument.Tokens[0].Value.Split(',');
            if (names.FirstOrDefault(name => !Enum.TryParse(name, ignoreCase: true, out FaultKind _)) is { } wrong)
                argument.AddError($"--with does not take '{wrong}'; it takes {Names}, with commas.");
            return argument.Tokens[0].Value;
        },
    };

    private static string Names => string.Join(", ", Enum.GetNames<FaultKind>()).ToLowerInvariant();

    public static Command Create() => Verb.Create(
        Kind,
        "Runs a batch on many machines with one journal in PostgreSQL while processes, networks, clocks and the database fail.",
        [Faults, Seed, Machines, Prompts, Lease, With, Sqlite, Keep],
        async arguments =>
        {
            bool usesSqlite = arguments.GetValue(Sqlite);
            if (WhyNot(usesSqlite) is { } why)
                return $"skipped. {why}";
            await RunInPlaceAsync(
            [
                Number(arguments.GetValue(Faults)), Number(arguments.GetValue(Seed)), Number(arguments.GetValue(Machines)),
                Number(arguments.GetValue(Prompts)), Number(arguments.GetValue(Lease)), usesSqlite.ToString(),
                string.Join(',', Kinds(arguments.GetValue(With), usesSqlite)), arguments.GetValue(Keep).ToString(),
            ]);
            return "No request was bought twice unless asked for, no id was lost, the budget held, and every image was saved.";
        });

    /// <summary>The work, in its place.</summary>
    /// <param name="values">
    /// Faults, seed, machines, prompts, seconds of a lease, whether SQLite is used, the kinds of faults, and whether to keep the logs.
    /// </param>
    public static async Task<int> RunAsync(string[] values)
    {
        // Nothing that was started may go on when the one who started it is gone.
        _ = Task.Run(() =>
        {
            Console.In.ReadToEnd();
            Environment.Exit(1);
        });
        int[] numbers = [.. values.Take(5).Select(value => int.Parse(value, CultureInfo.InvariantCulture))];
        try
        {
            (MachinesReport report, IReadOnlyDictionary<FaultKind, int> faults) = await MachinesRun.RunAsync(new MachinesOptions
            {
                Faults = numbers[0],
                Seed = numbers[1],
                Machines = numbers[2],
                Prompts = numbers[3],
                LeaseSeconds = numbers[4],
                UsesSqlite = bool.Parse(values[5]),
                Keeps = bool.Parse(values[7]),
                With = [.. values[6].Split(',').Select(Enum.Parse<FaultKind>)],
            });
            Report.Table(
                ["fault", "times"], faults.OrderBy(fault => fault.Key).Select(fault => new[] { $"{fault.Key}", Number(fault.Value) }));
            Report.Table(
                ("seed", numbers[1]),
                ("machines", numbers[2]),
                ("batches", report.Batches),
                ("processes started", report.Processes),
                ("purchases", report.Purchases),
                ("unknown submissions, all reported", report.Unknown),
                ("of them bought", report.UnknownButBought),
                ("images, whole", report.Images),
                ("of them saved by a second machine too", report.Copies));
            return 0;
        }
        catch (LabException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static string? WhyNot(bool usesSqlite)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "Machines are namespaces of Linux, which only root can make.";
        if (!usesSqlite && PostgresPrograms.TryFind(out string why) is null)
            return why;
        return Tool.TryRun("unshare", "--pid --net --uts --mount --fork ip link set lo up")
            ? null
            : "This machine does not let root make namespaces, or has no unshare or no ip.";
    }

    private static FaultKind[] Kinds(string? with, bool usesSqlite)
    {
        FaultKind[] kinds = with is null
            ? Enum.GetValues<FaultKind>()
            : [.. with.Split(',').Select(name => Enum.Parse<FaultKind>(name, ignoreCase: true))];
        if (usesSqlite)
            kinds = [.. kinds.Where(kind => kind is FaultKind.Kill or FaultKind.Pause or FaultKind.Clock)];
        if (Tool.FakeTime is null && kinds.Contains(FaultKind.Clock))
        {
            Report.Progress("The clocks are not set off: libfaketime is not installed.");
            kinds = [.. kinds.Where(kind => kind != FaultKind.Clock)];
        }
        return kinds.Length > 0 ? kinds : throw new LabException("No fault is left to draw from.");
    }

    private static async Task RunInPlaceAsync(string[] values)
    {
        ProcessStartInfo work = WorkerCommand.StartInfo(Kind, values);
        var start = new ProcessStartInfo("unshare") { RedirectStandardInput = true };
        string[] place = ["--pid", "--net", "--mount", "--fork", "--kill-child", "--mount-proc", "sh", "-c", Place, "sh"];
        foreach (string argument in (IEnumerable<string>)[.. place, work.FileName, .. work.ArgumentList])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new LabException("see above.");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
