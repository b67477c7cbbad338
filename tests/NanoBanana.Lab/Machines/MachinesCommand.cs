using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NanoBanana.Lab.Postgres;

namespace NanoBanana.Lab.Machines;

/// <summary>The verb <c>machines</c>. See docs/reliability.md.</summary>
internal static class MachinesCommand
{
    public const string Kind = "machines";

    /// <summary>
    /// Everything runs in new namespaces, so that no server and no link remains after this process. The shell is their first process. It
    /// waits until the other processes have ended, for up to 15 seconds. Its end kills the rest.
    /// </summary>
    private const string NamespaceScript = """
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

    private static readonly Option<int> Faults = Verb.Number("--faults", 40, minimum: 1, "Number of faults in all batches.");
    private static readonly Option<int> Seed = Verb.Number("--seed", 7, minimum: 0, "Repeats the same choice of faults.");
    private static readonly Option<int> Machines = Verb.Number("--machines", 3, minimum: 1, "Machines that work on each batch.");
    private static readonly Option<int> Prompts = Verb.Number("--prompts", 60, minimum: 5, "Prompts of each batch.");
    private static readonly Option<int> Lease = Verb.Number("--lease", 12, minimum: 2, "Seconds of a lease. The module uses 60.");
    private static readonly Option<bool> Sqlite = new("--sqlite") { Description = "A shared file instead of PostgreSQL." };

    private static readonly Option<bool> Keep = new("--keep") { Description = "Always keeps logs, images and tables." };

    private static readonly Option<string> With = new("--with")
    {
        HelpName = "kill,pause,…",
        Description = $"The faults: a list of {Names} [default: all].",
        CustomParser = argument =>
        {
            string[] names = argument.Tokens[0].Value.Split(',');
            if (names.FirstOrDefault(name => !Enum.TryParse(name, ignoreCase: true, out FaultKind _)) is { } wrong)
                argument.AddError($"--with can't be '{wrong}'. Use {Names}, separated by commas.");
            return argument.Tokens[0].Value;
        },
    };

    private static string Names => string.Join(", ", Enum.GetNames<FaultKind>()).ToLowerInvariant();

    public static Command Create() => Verb.Create(
        Kind,
        "Runs a batch on several machines with one journal in PostgreSQL while processes, networks, clocks and the database fail.",
        [Faults, Seed, Machines, Prompts, Lease, With, Sqlite, Keep],
        async arguments =>
        {
            bool usesSqlite = arguments.GetValue(Sqlite);
            if (ReasonToSkip(usesSqlite) is { } reason)
                return $"skipped. {reason}";
            await RunInNamespacesAsync(
            [
                Number(arguments.GetValue(Faults)), Number(arguments.GetValue(Seed)), Number(arguments.GetValue(Machines)),
                Number(arguments.GetValue(Prompts)), Number(arguments.GetValue(Lease)), usesSqlite.ToString(),
                string.Join(',', Kinds(arguments.GetValue(With), usesSqlite)), arguments.GetValue(Keep).ToString(),
            ]);
            return "No request was bought twice without -ResubmitUnknown, no id was lost, the budget was not exceeded, "
                + "and every image was saved.";
        });

    /// <summary>Runs in the namespaces.</summary>
    /// <param name="values">
    /// Faults, seed, machines, prompts, seconds of a lease, whether SQLite is used, the kinds of faults, and whether to keep the logs.
    /// </param>
    public static async Task<int> RunAsync(string[] values)
    {
        // End this process when its parent has ended.
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
                ("of these, bought", report.UnknownButBought),
                ("complete images", report.Images),
                ("images that a second machine also saved", report.Copies));
            return 0;
        }
        catch (LabException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static string? ReasonToSkip(bool usesSqlite)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "The machines are namespaces of Linux, which only root can create.";
        if (!usesSqlite && PostgresPrograms.TryFind(out string reason) is null)
            return reason;
        return Tool.TryRun("unshare", "--pid --net --uts --mount --fork ip link set lo up")
            ? null
            : "On this machine, root can't create namespaces, or unshare or ip is not installed.";
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
            Report.Progress("The clocks do not change, because libfaketime is not installed.");
            kinds = [.. kinds.Where(kind => kind != FaultKind.Clock)];
        }
        return kinds.Length > 0 ? kinds : throw new LabException("No kind of fault is possible on this machine.");
    }

    private static async Task RunInNamespacesAsync(string[] values)
    {
        ProcessStartInfo work = WorkerCommand.StartInfo(Kind, values);
        var start = new ProcessStartInfo("unshare") { RedirectStandardInput = true };
        string[] isolation = ["--pid", "--net", "--mount", "--fork", "--kill-child", "--mount-proc", "sh", "-c", NamespaceScript, "sh"];
        foreach (string argument in (IEnumerable<string>)[.. isolation, work.FileName, .. work.ArgumentList])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new LabException("The messages above have the reason.");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
