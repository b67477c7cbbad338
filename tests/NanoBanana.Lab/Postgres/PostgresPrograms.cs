using System.Diagnostics;

namespace NanoBanana.Lab.Postgres;

/// <summary>The programs of a PostgreSQL server that is installed on this machine.</summary>
internal sealed class PostgresPrograms
{
    private static readonly string[] Needed = ["initdb", "postgres", "pg_ctl", "pg_basebackup", "psql"];

    /// <summary>Time limit of a program. After it, the call fails.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly Lazy<(PostgresPrograms? Programs, string Why)> Found = new(Find);

    private readonly string _folder;
    private readonly string[] _asUser;

    private PostgresPrograms(string folder, string[] asUser) => (_folder, _asUser) = (folder, asUser);

    /// <summary>Finds the programs: in PATH, or in the folder of Debian's newest version.</summary>
    /// <param name="reason">A sentence with the reason for null.</param>
    public static PostgresPrograms? TryFind(out string reason)
    {
        reason = Found.Value.Why;
        return Found.Value.Programs;
    }

    /// <summary>A program of the server or of the system, as the user that owns the server, because PostgreSQL refuses root.</summary>
    public ProcessStartInfo StartInfo(string program, params IEnumerable<string> arguments)
    {
        string path = PathOf(program);
        var start = new ProcessStartInfo(_asUser is [var first, ..] ? first : path)
        {
            // A folder that any user can use.
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (IEnumerable<string>)(_asUser.Length == 0 ? arguments : [.. _asUser.Skip(1), path, .. arguments]))
            start.ArgumentList.Add(argument);
        // Variables of PostgreSQL clients, such as PGHOST, must not apply to the server.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>The path of a program of the server, or the name of another program.</summary>
    public string PathOf(string program) => Needed.Contains(program) ? Path.Combine(_folder, program) : program;

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its standard output.</returns>
    /// <exception cref="LabException">It failed.</exception>
    public string Run(string program, params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(StartInfo(program, arguments))!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!Task.WaitAll([errors, output], Limit) || !process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new LabException($"{program} did not end within {Limit}.");
        }
        return process.ExitCode == 0
            ? output.Result
            : throw new LabException($"{program} failed: {errors.Result.Trim()} {output.Result.Trim()}");
    }

    private static (PostgresPrograms? Programs, string Why) Find()
    {
        if (OperatingSystem.IsWindows())
            return (null, "The tests start PostgreSQL only on Linux and macOS.");
        string? found = Folders().FirstOrDefault(folder => Array.TrueForAll(Needed, program => File.Exists(Path.Combine(folder, program))));
        if (found is null)
            return (null, "No PostgreSQL server is installed on this machine.");
        if (!Environment.IsPrivilegedProcess)
            return (new PostgresPrograms(found, []), "");
        if (OnPath("setpriv") is not { } setpriv)
            return (null, "PostgreSQL does not run as root, and setpriv is not installed to start it as another user.");
        string[][] users = [.. File.ReadLines("/etc/passwd").Select(line => line.Split(':'))];
        if ((users.FirstOrDefault(user => user[0] == "postgres") ?? users.FirstOrDefault(user => user[0] == "nobody")) is not { } owner)
            return (null, "PostgreSQL does not run as root, and the machine has neither a user postgres nor a user nobody.");
        return (new PostgresPrograms(found, [setpriv, $"--reuid={owner[2]}", $"--regid={owner[3]}", "--init-groups"]), "");
    }

    private static IEnumerable<string> Folders()
    {
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
            .. versions.OrderByDescending(VersionOf).Select(folder => Path.Combine(folder, "bin")),
        ];

        static Version VersionOf(string folder) =>
            Version.TryParse($"{Path.GetFileName(folder)}.0", out Version? version) ? version : new Version();
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
