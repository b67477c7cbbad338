using System.Globalization;

namespace NanoBanana.Benchmarks;

/// <summary>What to measure, and how long.</summary>
internal sealed record BenchmarkOptions
{
    private const string Usage = """
        dotnet run -c Release --project tests/NanoBanana.Benchmarks -- [options]
          --quick            small numbers: shows that it runs and that the counted demands hold
          --only WORD        only the parts whose name begins so: throughput, scale, start, downloads, progress, polling
          --rounds N         how often each rival runs, after one run that does not count
          --pwsh PATH        the pwsh for the scripts and the import; else the one on PATH, else none
          --folder PATH      where pictures and journals go; else the folder for temporary files
        """;

    public bool Quick { get; private init; }

    public string Only { get; private init; } = "";

    /// <summary>How often each rival runs; the middle one counts.</summary>
    public int Rounds { get; private init; }

    /// <summary>The path of a pwsh; null when there is none.</summary>
    public string? Pwsh { get; private init; }

    public string Folder { get; private init; } = Path.GetTempPath();

    /// <summary>A number of the full run, and a small one that shows the same in CI.</summary>
    public int Scaled(int full, int quick) => Quick ? quick : full;

    public static BenchmarkOptions Parse(string[] args)
    {
        var options = new BenchmarkOptions { Pwsh = OnPath("pwsh") };
        for (int i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--quick" => options with { Quick = true },
                "--only" when i + 1 < args.Length => options with { Only = args[++i] },
                "--rounds" when i + 1 < args.Length => options with { Rounds = int.Parse(args[++i], CultureInfo.InvariantCulture) },
                "--pwsh" when i + 1 < args.Length => options with { Pwsh = args[++i] },
                "--folder" when i + 1 < args.Length => options with { Folder = args[++i] },
                _ => throw new BenchmarkException(Usage),
            };
        }
        return options.Rounds > 0 ? options : options with { Rounds = options.Scaled(5, 1) };
    }

    /// <summary>The full path of a program; null where it is not installed.</summary>
    public static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);
}
