using System.Security.Cryptography;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

/// <summary>A broken download resumes or restarts, and a file with its final name is always the whole image.</summary>
public sealed class BrokenDownloadTests : IDisposable
{
    private static readonly byte[] Whole = TestImages.Png();
    private readonly TestBench _bench = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(400)]
    [InlineData(999)]
    public async Task A_broken_download_resumes_with_a_strong_entity_tag(int brokeAt)
    {
        _bench.Downloads.Script(Broken(brokeAt).With("ETag", "\"v1\""), Part(brokeAt));

        await SaveAsync();

        AssertWhole();
        RecordedRequest second = _bench.Downloads.Requests[1];
        Assert.Equal($"bytes={brokeAt}-", second.Header("Range"));
        Assert.Equal("\"v1\"", second.Header("If-Range"));
        Assert.Null(_bench.Downloads.Requests[0].Header("Range"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"v1\"")]
    public async Task A_broken_download_restarts_without_a_strong_entity_tag(string? tag)
    {
        Answer broken = Broken(400);
        _bench.Downloads.Script(tag is null ? broken : broken.With("ETag", tag), Answer.Bytes(Whole));

        await SaveAsync();

        AssertWhole();
        Assert.Null(_bench.Downloads.Requests[1].Header("Range"));
        Assert.Null(_bench.Downloads.Requests[1].Header("If-Range"));
    }

    [Fact]
    public async Task A_download_restarts_if_the_server_sends_the_whole_body_instead_of_the_rest()
    {
        byte[] newer = TestImages.Jpeg(600);
        _bench.Downloads.Script(Broken(400).With("ETag", "\"v1\""), Answer.Bytes(newer).With("ETag", "\"v2\""));

        await SaveAsync();

        Assert.Equal(newer, _folder.Read("task1.jpg"));
        Assert.Equal(["task1.jpg"], _folder.Files);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(399)]
    [InlineData(401)]
    public async Task A_part_with_another_start_is_not_appended(int from)
    {
        _bench.Downloads.Script(Broken(400).With("ETag", "\"v1\""), Part(from), Answer.Bytes(Whole));

        await SaveAsync();

        AssertWhole();
        Assert.Equal(3, _bench.Downloads.Requests.Count);
    }

    [Fact]
    public async Task A_part_of_another_image_is_not_appended()
    {
        _bench.Downloads.Script(Broken(400).With("ETag", "\"v1\""), Part(400).With("ETag", "\"v2\""), Answer.Bytes(Whole));

        await SaveAsync();

        AssertWhole();
        Assert.Equal(3, _bench.Downloads.Requests.Count);
    }

    [Fact]
    public async Task A_part_shorter_than_the_rest_is_not_the_end()
    {
        _bench.Downloads.Script(Broken(400).With("ETag", "\"v1\""), Part(400, 600).With("ETag", "\"v1\""), Part(600));

        await SaveAsync();

        AssertWhole();
        Assert.Equal("bytes=600-", _bench.Downloads.Requests[2].Header("Range"));
    }

    [Fact]
    public async Task An_unrequested_part_is_not_saved_as_the_whole_image()
    {
        _bench.Downloads.Script(Part(0, 400), Answer.Bytes(Whole));

        await SaveAsync();

        AssertWhole();
    }

    /// <summary>The announced length is too short, so for HTTP the body is complete.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_announced_length_that_is_too_short_does_not_save_a_partial_image(bool webP)
    {
        using var bench = new TestBench();
        byte[] whole = webP ? TestImages.WebP() : TestImages.Png();
        bench.Downloads.Script(
            Answer.Bytes(whole[..980]).With("ETag", "\"v1\""),
            Answer.Bytes(whole[980..], status: 206).With("ETag", "\"v1\"").With("Content-Range", "bytes 980-999/1000"));

        await bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), _folder.Target())
            .WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(whole, _folder.Read(webP ? "task1.webp" : "task1.png"));
    }

    [Fact]
    public async Task An_image_without_an_end_fails_after_several_tries()
    {
        using var bench = new TestBench();
        bench.Downloads.Otherwise = r => r.Header("Range") is null
            ? Answer.Bytes(TestImages.Png()[..980]).With("ETag", "\"v1\"")
            : Answer.Status(416);

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), _folder.Target()));

        Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
        Assert.InRange(bench.Downloads.Requests.Count, 4, 8);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task A_body_shorter_than_its_announced_length_is_downloaded_again()
    {
        _bench.Downloads.Script(
            Answer.Stream(() => new ScriptedStream(Whole) { EndsAt = 400 }, 1000).With("ETag", "\"v1\""),
            Answer.Stream(() => new ScriptedStream(Whole[400..]) { EndsAt = 100 }, 600, 206)
                .With("Content-Range", "bytes 400-999/1000").With("ETag", "\"v1\""),
            Part(500));

        await SaveAsync();

        AssertWhole();
    }

    [Fact]
    public async Task A_download_that_makes_progress_is_retried()
    {
        using var bench = new TestBench(o => o with { MaximumRetryCount = 1 });
        bench.Downloads.Script([.. Enumerable.Range(0, 9).Select(i => PartThatBreaks(i * 100, (i + 1) * 100)), Part(900)]);

        await bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target());

        AssertWhole();
    }

    [Fact]
    public async Task A_download_without_progress_fails_and_leaves_no_file()
    {
        using var bench = new TestBench(o => o with { MaximumRetryCount = 3 });
        bench.Downloads.Otherwise = _ => Broken(0);

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target()));

        Assert.Equal((NanoBananaErrorKind.DownloadFailed, "task1"), (error.Kind, error.TaskId));
        Assert.Equal(4, bench.Downloads.Requests.Count);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task A_download_that_is_idle_too_long_is_aborted_and_resumed()
    {
        var stalling = new ScriptedStream(Whole) { StallsAt = 400 };
        _bench.Downloads.Script(Answer.Stream(() => stalling, 1000).With("ETag", "\"v1\""), Part(400));
        Task<SavedImage> save = SaveAsync();
        await stalling.Stalled;

        _bench.Clock.Run(29);
        Assert.Single(_bench.Downloads.Requests);
        _bench.Clock.Run(1.1);
        await save.WaitAsync(TimeSpan.FromSeconds(30));

        AssertWhole();
        Assert.Equal("Timeout", _bench.Observer.Traces.First().Outcome);
    }

    [Fact]
    public async Task A_slow_download_with_progress_is_not_aborted()
    {
        var slow = new LiveStream();
        _bench.Downloads.Script(Answer.Stream(() => slow, 1000));
        Task<SavedImage> save = SaveAsync();

        for (int from = 0; from < 1000; from += 100)
        {
            await slow.WaitedForAsync();
            _bench.Clock.Step(20);
            slow.Send(Whole[from..(from + 100)]);
        }
        slow.Send([]);
        await save.WaitAsync(TimeSpan.FromSeconds(30));

        AssertWhole();
        Assert.Single(_bench.Downloads.Requests);
    }

    [Fact]
    public async Task A_truncated_body_without_a_length_is_downloaded_again()
    {
        _bench.Downloads.Script(
            Answer.Stream(() => new ScriptedStream(Whole) { EndsAt = 400 }, length: null).With("ETag", "\"v1\""),
            Answer.Stream(() => new ScriptedStream(Whole[400..]) { EndsAt = 599 }, length: null, 206)
                .With("Content-Range", "bytes 400-999/*").With("ETag", "\"v1\""),
            Answer.Stream(() => new ScriptedStream(Whole[999..]), length: null, 206).With("Content-Range", "bytes 999-999/*"));

        await SaveAsync();

        AssertWhole();
        Assert.Equal("bytes=999-", _bench.Downloads.Requests[2].Header("Range"));
    }

    [Fact]
    public async Task A_range_that_the_server_refuses_is_requested_as_a_whole()
    {
        _bench.Downloads.Script(Broken(400).With("ETag", "\"v1\""), Answer.Status(416), Answer.Bytes(Whole));

        await SaveAsync();

        AssertWhole();
        Assert.Null(_bench.Downloads.Requests[2].Header("Range"));
    }

    [Fact]
    public async Task A_dripping_server_does_not_extend_a_download_past_its_deadline()
    {
        var drip = new LiveStream();
        _bench.Downloads.Otherwise = _ => Answer.Stream(() => drip, 1000);
        Task<SavedImage> save = SaveAsync();
        int bytes = 0;
        while (_bench.Clock.Elapsed < TimeSpan.FromMinutes(9.5))
        {
            await drip.WaitedForAsync();
            _bench.Clock.Step(20);
            drip.Send([Whole[bytes++]]);
        }
        await drip.WaitedForAsync();

        _bench.Clock.Step(25);
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => save.WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
        Assert.Contains("it arrived too slowly", error.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Downloads.Requests);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task A_large_image_over_a_slow_connection_gets_a_longer_deadline()
    {
        const int piece = 16 * 1024 * 20;
        byte[] large = TestImages.Png(piece * 40);
        var slow = new LiveStream();
        _bench.Downloads.Script(Answer.Stream(() => slow, large.Length));
        Task<SavedImage> save = SaveAsync();

        for (int from = 0; from < large.Length; from += piece)
        {
            await slow.WaitedForAsync();
            _bench.Clock.Step(20);
            for (int part = from; part < from + piece; part += 64 * 1024)
            {
                if (part > from)
                    await slow.WaitedForAsync();
                slow.Send(large[part..(part + 64 * 1024)]);
            }
        }
        await slow.WaitedForAsync();
        slow.Send([]);
        await save.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(_bench.Clock.Elapsed > TimeSpan.FromMinutes(13));
        Assert.Equal(large, _folder.Read("task1.png"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_too_large_image_is_not_read_further(bool announced)
    {
        using var bench = new TestBench(o => o with { MaximumImageBytes = 999 });
        bench.Downloads.Script(Answer.Stream(() => new ScriptedStream(Whole), announced ? 1000 : null));

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target()));

        Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
        Assert.Contains("larger than 999 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("-MaximumImageSize", error.Message, StringComparison.Ordinal);
        Assert.Single(bench.Downloads.Requests);
        Assert.Empty(_folder.Files);
    }

    private async Task<SavedImage> SaveAsync()
    {
        SavedImage saved = await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(saved.Path))), saved.Sha256);
        return saved;
    }

    private void AssertWhole()
    {
        Assert.Equal(["task1.png"], _folder.Files);
        Assert.Equal(Whole, _folder.Read("task1.png"));
    }

    private static Answer Broken(int at) => Answer.Stream(() => new ScriptedStream(Whole) { BreaksAt = at }, 1000);

    private static Answer PartThatBreaks(int from, int to) => Answer
        .Stream(() => new ScriptedStream(Whole[from..]) { BreaksAt = to - from }, 1000 - from, from == 0 ? 200 : 206)
        .With("Content-Range", FormattableString.Invariant($"bytes {from}-999/1000")).With("ETag", "\"v1\"");

    private static Answer Part(int from, int to = 1000) =>
        Answer.Bytes(Whole[from..to], status: 206).With("Content-Range", FormattableString.Invariant($"bytes {from}-{to - 1}/1000"));
}
