using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>
/// The limit: the same requests over a bare HttpClient, with nothing else around them. No checks, no retries, no schedule,
/// no journal. What it does with a picture is the order's choice: "write" makes a file of it and no more; "keep" makes the
/// promise that the module makes, a hash of the bytes, and a name on the disk that exists only for what is whole there.
/// </summary>
internal static class LimitWorker
{
    public const string Kind = "bench-limit";

    /// <summary>As many prompts at once as New-NanoBananaImage submits.</summary>
    private const int Concurrency = 16;

    public static async Task RunAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        foreach (Order order in Orders.Read())
        {
            if (order.Do == "connect")
            {
                http.BaseAddress = new Uri(order.Prompt);
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", order.Script);
                Orders.Answer(new Sample());
                continue;
            }
            Directory.CreateDirectory(order.Folder);
            var meter = new Meter();
            int items = 0;
            await Parallel.ForEachAsync(Enumerable.Range(0, order.Count), new ParallelOptions { MaxDegreeOfParallelism = Concurrency }, async (i, _) =>
            {
                await MakeAsync(http, order, i);
                Interlocked.Increment(ref items);
            });
            Orders.Answer(meter.Read() with { Items = items });
        }
    }

    private static async Task MakeAsync(HttpClient http, Order order, int number)
    {
        var body = new { model = "nano_banana_2", input = new[] { new { @params = new { prompt = $"{order.Prompt} {number}", resolution = "0.5K" } } } };
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new("application/json") } };
        using HttpResponseMessage accepted = await http.PostAsync("model/v1/generation", content);
        string id = (await ReadAsync(accepted)).GetProperty("id").GetString()!;
        JsonElement task;
        do
        {
            using HttpResponseMessage polled = await http.GetAsync($"model/v1/generation/task/{id}");
            task = await ReadAsync(polled);
        }
        while (task.GetProperty("status").GetString() != "completed");
        string url = task.GetProperty("output")[0].GetProperty("content")[0].GetProperty("url").GetString()!;
        using HttpResponseMessage picture = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        await SaveAsync(await picture.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(), Path.Combine(order.Folder, id + ".png"), order.Do == "keep");
    }

    private static async Task SaveAsync(Stream picture, string path, bool keep)
    {
        string part = keep ? path + ".part" : path;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            int read;
            while ((read = await picture.ReadAsync(buffer)) > 0)
            {
                await file.WriteAsync(buffer.AsMemory(0, read));
                if (keep)
                    hash.AppendData(buffer, 0, read);
            }
            if (keep)
                file.Flush(flushToDisk: true);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        if (!keep)
            return;
        File.Move(part, path);
        FolderSync.Flush(Path.GetDirectoryName(path)!);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        (await JsonDocument.ParseAsync(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync())).RootElement;
}
