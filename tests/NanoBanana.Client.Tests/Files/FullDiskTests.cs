using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

/// <summary>A full disk leaves no partial file, regardless of the step that reports it.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, true)]
    [InlineData(4096, true)]
    [InlineData(99_999, true)]
    [InlineData(100_000, false)]
    public async Task The_download_fails_and_no_partial_file_is_left(int room, bool atWrite)
    {
        using var bench = new TestBench(o => o with { OpenPart = path => new FullDisk(path, room) });
        bench.Downloads.Otherwise = _ => Answer.Stream(() => new ScriptedStream(TestImages.Png(100_000)), 100_000);
        File.WriteAllText(_folder.At("task1.png"), "mine");

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target(force: true)));

        Assert.Equal(
            (NanoBananaErrorKind.DownloadFailed, true), (error.Kind, error.Message.Contains("No space left", StringComparison.Ordinal)));
        Assert.Single(bench.Downloads.Requests);
        Assert.Equal(["task1.png"], _folder.Files);
        Assert.Equal("mine", File.ReadAllText(_folder.At("task1.png")));
        Assert.Equal(atWrite, error.InnerException!.Message.EndsWith("(write)", StringComparison.Ordinal));
    }

    /// <summary>A small test file fits where an image does not, so the error itself decides.</summary>
    [Fact]
    public async Task A_full_disk_is_a_problem_of_the_destination()
    {
        if (!File.Exists("/dev/full"))
            return;
        using var bench = new TestBench(o => o with
        {
            OpenPart = _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1),
        });
        bench.Downloads.Script(Answer.Bytes(TestImages.Png()));
        ImageTarget target = _folder.Target();

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), target));

        Assert.Equal(NanoBananaErrorKind.WriteFailed, target.ProblemOf(error)?.Kind);
        target.CheckWritable();
    }

    [Fact]
    public async Task A_save_failure_in_a_writable_destination_is_not_a_problem_of_the_destination()
    {
        ImageTarget target = _folder.Target();
        using var bench = new TestBench(o => o with { OpenPart = _ => throw new UnauthorizedAccessException("not this one") });
        bench.Downloads.Script(Answer.Bytes(TestImages.Png()));

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), target));

        Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
        Assert.Null(target.ProblemOf(error));
        Assert.Null(target.ProblemOf(new NanoBananaException(NanoBananaErrorKind.DownloadFailed, "The link is gone.")));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void A_destination_below_a_file_is_not_writable()
    {
        File.WriteAllText(_folder.At("taken"), "a file");
        ImageTarget target = ImageTarget.InDirectory(_folder.At("taken/below"), FileNameTemplate.Default, force: false);

        Assert.Equal(NanoBananaErrorKind.WriteFailed, Assert.Throws<NanoBananaException>(target.CheckWritable).Kind);
    }

    /// <summary>The exception of .NET for EFBIG, which FAT and "ulimit -f" return.</summary>
    [Fact]
    public async Task A_file_too_large_for_its_file_system_is_DownloadFailed()
    {
        using var bench = new TestBench(
            o => o with { OpenPart = path => new FullDisk(path, 10) { Error = new ArgumentOutOfRangeException(paramName: "value") } });
        bench.Downloads.Script(Answer.Bytes(TestImages.Png()));

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target()));

        Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task After_space_is_freed_the_same_image_is_saved()
    {
        int room = 10;
        using var bench = new TestBench(o => o with { OpenPart = path => new FullDisk(path, room) });
        bench.Downloads.Otherwise = _ => Answer.Bytes(TestImages.Png());
        ImageTarget target = _folder.Target();
        await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), target));

        room = 10_000;
        await bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), target);

        Assert.Equal(TestImages.Png(), _folder.Read("task1.png"));
    }

    /// <summary>A page or a metadata file. Buffered bytes fail again when the file is closed.</summary>
    [Fact]
    public void A_text_file_fails_and_no_partial_file_is_left()
    {
        File.WriteAllText(_folder.At("page.html"), "mine");
        using (var draft = new DraftFile(_folder.At("page.html"), path => new FullDiskAtClose(path)))
        {
            draft.Write(() => draft.Content.WriteByte(1));
            var error = Assert.Throws<NanoBananaException>(() => draft.Publish(replace: true));
            Assert.Equal(NanoBananaErrorKind.WriteFailed, error.Kind);
        }

        Assert.Equal(["page.html"], _folder.Files);
        Assert.Equal("mine", File.ReadAllText(_folder.At("page.html")));
    }

    private sealed class FullDiskAtClose(string path) : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None)
    {
        public override void Flush(bool flushToDisk) => throw new IOException("No space left on device");

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
                throw new IOException("No space left on device");
        }
    }

    /// <summary>If all bytes could be written, the sync fails. Disks and networks that allocate space late fail this way.</summary>
    private sealed class FullDisk(string path, int room) : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1)
    {
        public Exception Error { get; init; } = new IOException("No space left on device (write)");

        public override void Write(byte[] buffer, int offset, int count)
        {
            int fits = (int)Math.Min(count, room - Position);
            base.Write(buffer, offset, fits);
            if (fits < count)
                throw Error;
        }

        public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Write(buffer, offset, count);
        }

        public override void Flush(bool flushToDisk) => _ = room == 100_000 ? throw new IOException("No space left on device (sync)") : 0;
    }
}
