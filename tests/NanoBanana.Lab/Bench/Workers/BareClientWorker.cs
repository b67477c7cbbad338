using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>
/// The limit: the same requests with a bare HttpClient, without checks, retries or a schedule. The action decides what happens to
/// an image. "write" only writes a file. "keep" gives the same guarantees as the module: a hash of the bytes, and a name that
/// exists on the disk only for a complete file. "journal" also records the request, the id and the file in SQLite.
/// </summary>
internal static class BareClientWorker
{
    public const string Kind = "bench-bare-client";

    public static async Task RunAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        RivalJournal? journal = null;
        foreach (WorkerRequest request in WorkerRequests.Read())
        {
            if (request.Action == "connect")
            {
                http.BaseAddress = new Uri(request.Prompt);
                http.DefaultRequestVersion = request.IsHttp2 ? HttpVersion.Version20 : HttpVersion.Version11;
                http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", request.Script);
                WorkerRequests.Answer(new Sample());
                continue;
            }
            if (request.Action == "poll")
            {
                WorkerRequests.Answer(await PollAsync(http, request));
                continue;
            }
            Directory.CreateDirectory(request.Folder);
            if (request.Action == "journal")
                journal ??= new RivalJournal(request.Script);
            var meter = new Meter();
            int items = 0;
            var options = new ParallelOptions { MaxDegreeOfParallelism = request.Concurrency };
            await Parallel.ForEachAsync(Enumerable.Range(0, request.Count), options, async (i, _) =>
            {
                await MakeAsync(http, request, i, request.Action == "journal" ? journal : null);
                Interlocked.Increment(ref items);
            });
            Sample counted = journal?.Take() ?? new Sample();
            WorkerRequests.Answer(meter.Read() with { Items = items, Commits = counted.Commits, Statements = counted.Statements });
        }
        journal?.Dispose();
    }

    /// <summary>Polls one task repeatedly and reads the answers without parsing them.</summary>
    private static async Task<Sample> PollAsync(HttpClient http, WorkerRequest request)
    {
        string id = await SubmitAsync(http, Encode(request.Prompt));
        string path = $"model/v1/generation/task/{id}";
        byte[] buffer = new byte[16 * 1024];
        var meter = new Meter();
        for (int i = 0; i < request.Count; i++)
        {
            using HttpResponseMessage polled = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            using Stream answer = await polled.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
            while (await answer.ReadAsync(buffer) > 0)
            {
            }
        }
        return meter.Read() with { Items = request.Count };
    }

    private static byte[] Encode(string prompt) => JsonSerializer.SerializeToUtf8Bytes(
        new { model = "nano_banana_2", input = new[] { new { @params = new { prompt, resolution = "0.5K" } } } });

    private static async Task<string> SubmitAsync(HttpClient http, byte[] json)
    {
        using var content = new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } };
        using HttpResponseMessage accepted = await http.PostAsync("model/v1/generation", content);
        return (await ReadAsync(accepted)).GetProperty("id").GetString()!;
    }

    private static async Task MakeAsync(HttpClient http, WorkerRequest request, int number, RivalJournal? journal)
    {
        byte[] json = Encode($"{request.Prompt} {number}");
        long row = journal is null ? 0 : await journal.IntentAsync(Encoding.UTF8.GetString(json));
        string id = await SubmitAsync(http, json);
        if (journal is not null)
            await journal.AcceptAsync(row, id);
        JsonElement task;
        do
        {
            using HttpResponseMessage polled = await http.GetAsync($"model/v1/generation/task/{id}");
            task = await ReadAsync(polled);
        }
        while (task.GetProperty("status").GetString() != "completed");
        string url = task.GetProperty("output")[0].GetProperty("content")[0].GetProperty("url").GetString()!;
        using HttpResponseMessage image = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        Stream bytes = await image.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        string path = Path.Combine(request.Folder, id + ".png");
        if (request.Action == "write")
        {
            await WriteAsync(bytes, path);
            return;
        }
        byte[] sha256 = await WriteAsync(bytes, path + ".part", keep: true);
        if (journal is not null)
            await journal.FileAsync(row, path, sha256);
        File.Move(path + ".part", path);
        FolderSync.Flush(request.Folder);
    }

    /// <returns>The hash of the file; empty unless <paramref name="keep"/> is true.</returns>
    private static async Task<byte[]> WriteAsync(Stream image, string path, bool keep = false)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            int read;
            while ((read = await image.ReadAsync(buffer)) > 0)
            {
                await file.WriteAsync(buffer.AsMemory(0, read));
                if (keep)
                    hash.AppendData(buffer, 0, read);
            }
            if (keep)
                file.Flush(flushToDisk: true);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return keep ? hash.GetHashAndReset() : [];
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        (await JsonDocument.ParseAsync(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync())).RootElement;
}
