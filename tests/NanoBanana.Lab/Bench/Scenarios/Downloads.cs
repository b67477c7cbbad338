using System.Diagnostics;
using System.Globalization;
using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench.Scenarios;

/// <summary>Large images: compares the speed with curl, and checks that memory does not grow with their size.</summary>
internal static class Downloads
{
    /// <summary>The number of concurrent downloads of Save-NanoBananaImage.</summary>
    public const int Parallel = 8;

    private const int Small = 200_000;

    private const string Save = "$tasks | Save-NanoBananaImage -Destination $folder";

    /// <summary>Each file is downloaded, synced and hashed. The module does the same and also checks the first bytes.</summary>
    private const string CurlScript = """
        mkdir "$2" && cd "$2" && xargs -P "$3" -n 2 sh -c '
            curl -sSf ${CA:+--cacert "$CA"} -o "$1.part" "$0" && sync "$1.part" && sha256sum "$1.part" > "$1.sha256" && mv "$1.part" "$1"
        ' < "$1"
        """;

    public static async Task<IReadOnlyList<Row>> RunAsync(BenchSession session)
    {
        int count = session.Options.Scaled(100, 8);
        int large = session.Options.Scaled(20_000_000, 2_000_000);
        using Worker module = await session.StartModuleAsync("off");
        string urls = await CreateTasksAsync(session, module, count, large);
        List<Row> rows = [];
        string size = $"{count} images of {large / 1e6:0} MB";
        if (HasCurl)
        {
            IReadOnlyList<Series> series = await session.InterleaveAsync(
                warmUps: 1,
                () => SaveAsync(session, module, count),
                () => CurlAsync(session, urls, count));
            const string Curl = "curl, sync and sha256sum";
            double MegabytesPerSecond(Series s) => s.PerSecond * large / 1e6;
            rows.Add(Row.AtLeast(2, size, MegabytesPerSecond(series[0]), MegabytesPerSecond(series[1]), "MB/s", Curl));
            rows.Add(Row.Beside($"CPU per image, {size}", series[0].Cpu, series[1].Cpu, "ms", Curl));
        }
        else
        {
            rows.Add(Row.NotMeasured(size, "curl or sha256sum is not installed"));
        }
        double peakOfLarge = await PeakAsync(session, count, large), peakOfSmall = await PeakAsync(session, count, Small);
        rows.Add(Row.AtMostMore(16, $"Peak memory, {size}", peakOfLarge, peakOfSmall, "MB", $"as many of {Small / 1e6:0.0} MB"));
        return rows;
    }

    /// <summary>Creates the tasks, whose images are then downloaded several times, and a file of addresses and names for curl.</summary>
    private static async Task<string> CreateTasksAsync(BenchSession session, Worker module, int count, int bytes)
    {
        const string Create = "$tasks = $prompts | New-NanoBananaImage | Wait-NanoBananaTask; "
            + "$tasks | ForEach-Object { \"$($_.Image[0].Url) $($_.Id).png\" }";
        string prompt = $"[bytes:{bytes}] a whale of {session.NewPath()}";
        Sample created = await module.AskAsync(new WorkerRequest { Action = "run", Script = Create, Count = count, Prompt = prompt });
        if (created.Lines.Count != count)
            throw new LabException($"{created.Lines.Count} of {count} images were created: {string.Join(" | ", created.Problems)}");
        string file = session.NewPath();
        await File.WriteAllLinesAsync(file, created.Lines);
        return file;
    }

    private static async Task<Measured> SaveAsync(BenchSession session, Worker module, int count)
    {
        string folder = session.NewPath();
        var request = new WorkerRequest { Action = "run", Script = Save, Folder = folder };
        Measured measured = await session.MeasureAsync(() => module.AskAsync(request));
        return Clean(measured, folder, count);
    }

    public static bool HasCurl => IsOnPath("curl") && IsOnPath("sha256sum");

    /// <summary>Downloads images with curl.</summary>
    /// <param name="session">The benchmark.</param>
    /// <param name="urls">A file with an address and a name in each line.</param>
    /// <param name="count">The number of its lines.</param>
    /// <param name="certificate">The file of the certificate to trust; null for the certificates of the system.</param>
    public static async Task<Measured> CurlAsync(BenchSession session, string urls, int count, string? certificate = null)
    {
        string folder = session.NewPath();
        Measured measured = await session.MeasureAsync(() => CurlAsync(urls, folder, certificate));
        return Clean(measured, folder, count);
    }

    private static async Task<Sample> CurlAsync(string urls, string folder, string? certificate)
    {
        long start = Stopwatch.GetTimestamp();
        var shell = new ProcessStartInfo("sh")
        {
            ArgumentList =
            {
                "-c", $"({CurlScript}); code=$?; times; exit $code", "sh", urls, folder, Parallel.ToString(CultureInfo.InvariantCulture),
            },
            Environment = { ["CA"] = certificate },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(shell)!;
        string[] times = (await process.StandardOutput.ReadToEndAsync()).Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return process.ExitCode == 0
            ? new Sample { Seconds = seconds, CpuSeconds = times.Sum(ReadTime), Items = Directory.GetFiles(folder, "*.png").Length }
            : throw new LabException($"curl ended with exit code {process.ExitCode}.");
    }

    /// <summary>Parses minutes and seconds of the shell's command <c>times</c>, for example 0m1.250s.</summary>
    private static double ReadTime(string text)
    {
        string[] parts = text.TrimEnd('s').Split('m');
        return 60 * double.Parse(parts[0], CultureInfo.InvariantCulture) + double.Parse(parts[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Counts and removes the files of a run, which has up to two gigabytes.</summary>
    public static Measured Clean(Measured measured, string folder, int count)
    {
        int files = Directory.GetFiles(folder, "*.png").Length;
        Directory.Delete(folder, recursive: true);
        return files == count && measured.Items == count
            ? measured
            : throw new LabException($"{files} of {count} images were saved.");
    }

    /// <summary>Peak physical memory of a new process that saves the images, in megabytes.</summary>
    private static async Task<double> PeakAsync(BenchSession session, int count, int bytes)
    {
        using Worker module = await session.StartModuleAsync("off");
        await CreateTasksAsync(session, module, count, bytes);
        return (await SaveAsync(session, module, count)).Sample.PeakBytes / 1e6;
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
