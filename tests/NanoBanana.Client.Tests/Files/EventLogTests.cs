using System.Text.Json;
using NanoBanana.Client.Files;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Files;

/// <summary>One line of JSON per event, in a file that several processes can write.</summary>
public sealed class EventLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestBench _bench = new();

    private string LogPath => _folder.At("logs/run.jsonl");

    public void Dispose()
    {
        _folder.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void A_line_contains_the_time_in_UTC_and_the_known_values()
    {
        var run = new ImageRun(() => _bench.Clock.GetUtcNow());
        ImageTask task = TestBench.CreateCompletedTask("https://cdn.example/1.png") with
        {
            Batch = "nightly", Name = "fox", TotalTokens = 1121, Cost = 0.04m, InputIndex = 3, RunItem = run.AddItem(),
        };
        Write(new ClientEvent(ClientEventKind.Ended) { About = task, Attempt = 2 });
        Assert.Equal(
            $$"""{"time":"2026-07-01T12:00:00.000Z","event":"ended","run":"{{run.Id}}","batch":"nightly","name":"fox","index":3"""
                + ""","id":"task1","status":"Completed","attempt":2,"tokens":1121,"cost":0.04}""",
            Assert.Single(File.ReadAllLines(LogPath)));
    }

    [Fact]
    public void No_text_contains_the_key_or_a_line_break()
    {
        Write(new ClientEvent(ClientEventKind.Failed)
        {
            About = new ImageTask
            {
                Id = TestBench.Key, Status = ImageTaskStatus.Failed, Name = $"a\nb {TestBench.Key}",
                Batch = TestBench.Key.ToUpperInvariant(),
            },
            Message = $"Bearer {TestBench.Key}\r\n{{\"event\":\"forged\"}}",
            File = $"/tmp/{TestBench.Key}.png",
        });
        string line = Assert.Single(File.ReadAllLines(LogPath));
        Assert.DoesNotContain(TestBench.Key, line, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("failed", JsonDocument.Parse(line).RootElement.GetProperty("event").GetString());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\u0001")]
    [InlineData("\"")]
    [InlineData("猫")]
    [InlineData("🦊")]
    public void A_line_has_a_limited_length_for_every_text(string part)
    {
        string text = string.Concat(Enumerable.Repeat(part, 20_000));
        var about = new ImageTask { Id = text, Status = ImageTaskStatus.Running, Name = text, Batch = text };
        Write(new ClientEvent(ClientEventKind.Saved) { About = about, File = text, Message = text });
        byte[] bytes = File.ReadAllBytes(LogPath);
        Assert.InRange(bytes.Length, 1, EventLog.LongestLine);
        JsonDocument.Parse(bytes);
    }

    [Fact]
    public void Lines_of_parallel_writers_do_not_mix()
    {
        const int Writers = 8, Lines = 200;
        Parallel.For(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, writer =>
        {
            EventLog log = _bench.Client.OpenLog(LogPath);
            for (int i = 0; i < Lines; i++)
                log.Write(new ClientEvent(ClientEventKind.Retried) { Attempt = i, Message = new string((char)('a' + writer), 300) });
        });
        string[] lines = File.ReadAllLines(LogPath);
        Assert.Equal(Writers * Lines, lines.Length);
        Assert.All(lines, line => JsonDocument.Parse(line));
    }

    [Fact]
    public void A_file_that_another_program_reads_can_be_written()
    {
        Write(new ClientEvent(ClientEventKind.Submitted));
        using FileStream reader = new(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Assert.Null(Write(new ClientEvent(ClientEventKind.Accepted)));
        Assert.Equal(2, File.ReadAllLines(LogPath).Length);
    }

    [Fact]
    public void A_write_failure_is_reported_once_until_a_write_succeeds()
    {
        File.WriteAllText(_folder.At("logs"), "a file where a folder is wanted");
        Assert.Contains(LogPath, Write(new ClientEvent(ClientEventKind.Submitted)), StringComparison.Ordinal);
        Assert.Null(Write(new ClientEvent(ClientEventKind.Submitted)));
        File.Delete(_folder.At("logs"));
        Assert.Null(Write(new ClientEvent(ClientEventKind.Submitted)));
        Directory.Delete(_folder.At("logs"), recursive: true);
        File.WriteAllText(_folder.At("logs"), "");
        Assert.NotNull(Write(new ClientEvent(ClientEventKind.Submitted)));
    }

    [Fact]
    public async Task The_log_contains_each_step_of_a_task()
    {
        _bench.Api.Script(Answer.Status(429).RetryAfter(10), Answer.Accepted(), Answer.Status(502), Answer.Completed());
        _bench.Downloads.Otherwise = _ => Answer.Bytes(TestImages.Png());
        ImageTask task = await _bench.Clock.RunAsync(_bench.SubmitAsync());
        ImageTask ended = await _bench.Clock.RunAsync(_bench.WaitAsync(task));
        await _bench.SaveAsync(ended, _folder.Target());
        Assert.Equal(
            ["Submitted 1", "Paused ", "Retried 2", "Accepted ", "Retried 2", "Ended ", "Saved "],
            _bench.Observer.Events.Select(one => $"{one.Kind} {one.Attempt}"));
        ClientEvent pause = _bench.Observer.Events.Single(one => one.Kind == ClientEventKind.Paused);
        Assert.Equal((TimeSpan.FromSeconds(10), NanoBananaErrorKind.RateLimited), (pause.Length, pause.Error));
    }

    [Fact]
    public async Task A_trace_contains_the_task()
    {
        _bench.Api.Script(Answer.Accepted(), Answer.Completed());
        _bench.Downloads.Otherwise = _ => Answer.Bytes(TestImages.Png());
        ImageTask task = await _bench.Client.SubmitAsync(
            new Client.Wire.ImageRequest { Prompt = "fox", Name = "my fox" }, _bench.Observer, default);
        ImageTask ended = await _bench.Clock.RunAsync(_bench.WaitAsync(task));
        await _bench.SaveAsync(ended, _folder.Target());
        Assert.Equal(3, _bench.Observer.Traces.Count);
        Assert.All(_bench.Observer.Traces, trace => Assert.EndsWith(", 'my fox'", trace.ToString(), StringComparison.Ordinal));
        Assert.All(_bench.Observer.Traces.Skip(1), trace => Assert.Contains("task1", trace.ToString(), StringComparison.Ordinal));
    }

    private string? Write(ClientEvent what) => _bench.Client.OpenLog(LogPath).Write(what);
}
