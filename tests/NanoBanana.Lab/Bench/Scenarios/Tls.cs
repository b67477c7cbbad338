using System.Globalization;
using NanoBanana.Lab.Bench.Workers;

namespace NanoBanana.Lab.Bench.Scenarios;

/// <summary>
/// A service over TLS, like real ones: small and large images, compared with the bare client over HTTP/1.1 and HTTP/2, and with curl.
/// </summary>
internal static class Tls
{
    private const string Over1 = "bare client, HTTP/1.1";
    private const string Over2 = "bare client, HTTP/2";
    private const string Curl = "curl, sync and sha256sum";

    public static async Task<IReadOnlyList<Row>> RunAsync(BenchSession plain)
    {
        // .NET reads trusted certificates from an environment variable only if it uses OpenSSL.
        if (!OperatingSystem.IsLinux())
            return [Row.NotMeasured("Over TLS", "a process can be given a trusted certificate only on Linux")];
        using BenchSession session = await BenchSession.OpenTlsAsync(plain.Options);
        return [.. await SmallAsync(session), .. await LargeAsync(session)];
    }

    private static async Task<IReadOnlyList<Row>> SmallAsync(BenchSession session)
    {
        int count = session.Options.Scaled(2000, 1200);
        using Worker module = await session.StartModuleAsync("off");
        using Worker over1 = await session.StartBareClientAsync();
        using Worker over2 = await session.StartBareClientAsync(isHttp2: true);
        IReadOnlyList<Series> series = await session.InterleaveAsync(
            warmUps: session.Options.Scaled(5, 1),
            () => Throughput.RunAsync(session, module, new WorkerRequest { Action = "run", Script = Throughput.Pipeline, Count = count }),
            () => Throughput.RunAsync(session, over1, new WorkerRequest { Action = "keep", Count = count }),
            () => Throughput.RunAsync(session, over2, new WorkerRequest { Action = "keep", Count = count }));
        return [.. Rows(series[0], series[1], Over1), .. Rows(series[0], series[2], Over2)];

        IEnumerable<Row> Rows(Series ours, Series rival, string whose) =>
        [
            Row.Beside("Tasks per second over TLS", ours.PerSecond, rival.PerSecond, "/s", whose),
            Row.Beside("CPU per task over TLS", ours.Cpu, rival.Cpu, "ms", whose),
            Row.Beside($"Connections per task over TLS, the first {count:N0}", ours.FirstConnections, rival.FirstConnections, "", whose),
            Row.Beside($"Handshakes per task over TLS, the first {count:N0}", ours.FirstHandshakes, rival.FirstHandshakes, "", whose),
        ];
    }

    private static async Task<IReadOnlyList<Row>> LargeAsync(BenchSession session)
    {
        (int count, int bytes) = (session.Options.Scaled(100, 8), session.Options.Scaled(20_000_000, 2_000_000));
        const string Pipeline = "$prompts | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage -Destination $folder";
        EmulatorState state = await session.AskEmulatorAsync("image", bytes);
        string list = session.NewPath();
        await File.WriteAllLinesAsync(list, Enumerable.Range(0, count).Select(i => $"{state.Endpoint}images/{i}.png {i}.png"));
        using Worker module = await session.StartModuleAsync("off");
        using Worker over1 = await session.StartBareClientAsync();
        using Worker over2 = await session.StartBareClientAsync(isHttp2: true);
        List<Func<Task<Measured>>> rivals =
        [
            () => SaveAsync(module, new WorkerRequest { Action = "run", Script = Pipeline }),
            () => SaveAsync(over1, new WorkerRequest { Action = "keep" }),
            () => SaveAsync(over2, new WorkerRequest { Action = "keep" }),
        ];
        if (Downloads.HasCurl)
            rivals.Add(() => Downloads.CurlAsync(session, list, count, state.Certificate));
        IReadOnlyList<Series> series = await session.InterleaveAsync(warmUps: 1, [.. rivals]);
        string size = string.Create(CultureInfo.InvariantCulture, $"{count} images of {bytes / 1e6:0} MB over TLS");
        return
        [
            .. series.Count > 3
                ? Rows(series[3], Curl, floor: 2)
                : [Row.NotMeasured($"{size}, {Curl}", "curl or sha256sum is not installed")],
            .. Rows(series[1], Over1),
            .. Rows(series[2], Over2),
        ];

        async Task<Measured> SaveAsync(Worker worker, WorkerRequest request)
        {
            string folder = session.NewPath();
            request = request with { Folder = folder, Count = count, Prompt = $"a whale of {folder}", Concurrency = Downloads.Parallel };
            return Downloads.Clean(await session.MeasureAsync(() => worker.AskAsync(request)), folder, count);
        }

        IEnumerable<Row> Rows(Series rival, string whose, double? floor = null)
        {
            Series ours = series[0];
            (double speed, double theirs) = (ours.PerSecond * bytes / 1e6, rival.PerSecond * bytes / 1e6);
            yield return floor is { } least
                ? Row.AtLeast(least, size, speed, theirs, "MB/s", whose)
                : Row.Beside(size, speed, theirs, "MB/s", whose);
            yield return Row.Beside($"CPU per image, {size}", ours.Cpu, rival.Cpu, "ms", whose);
            yield return Row.Beside($"Connections per image, the first {size}", ours.FirstConnections, rival.FirstConnections, "", whose);
            yield return Row.Beside($"Handshakes per image, the first {size}", ours.FirstHandshakes, rival.FirstHandshakes, "", whose);
        }
    }
}
