using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

/// <summary>An existing file belongs to the user and is kept.</summary>
public sealed class ExistingFileTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly TemporaryFolder _folder = new();

    public ExistingFileTests() => _bench.Downloads.Otherwise = _ => Answer.Bytes(TestImages.Png());

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_existing_file_is_detected_before_the_download()
    {
        File.WriteAllText(_folder.At("task1.png"), "mine");

        await RefusedAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target());

        Assert.Empty(_bench.Downloads.Requests);
        Assert.Equal("mine", File.ReadAllText(_folder.At("task1.png")));
    }

    [Fact]
    public async Task An_existing_file_with_the_detected_extension_is_kept()
    {
        File.WriteAllText(_folder.At("task1.jpg"), "mine");
        _bench.Downloads.Otherwise = _ => Answer.Bytes(TestImages.Jpeg());

        await RefusedAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target());

        Assert.Equal("mine", File.ReadAllText(_folder.At("task1.jpg")));
        Assert.Equal(["task1.jpg"], _folder.Files);
    }

    [Fact]
    public async Task A_file_that_appears_during_the_download_is_kept()
    {
        var held = new DelayedAnswer();
        _bench.Downloads.Script(held.Answer);
        Task<SavedImage> save = _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target());
        await held.Arrived;

        File.WriteAllText(_folder.At("task1.png"), "mine");
        held.Release(Answer.Bytes(TestImages.Png()));

        Assert.Equal(NanoBananaErrorKind.FileExists, (await Assert.ThrowsAsync<NanoBananaException>(() => save)).Kind);
        Assert.Equal("mine", File.ReadAllText(_folder.At("task1.png")));
        Assert.Equal(["task1.png"], _folder.Files);
    }

    [Fact]
    public async Task A_file_that_appears_before_the_rename_is_kept()
    {
        using PartFile part = PartFile.CreateIn(_folder.Path, PartFile.Open);
        await part.AppendAsync(TestImages.Png(), 1000);
        File.WriteAllText(_folder.At("fox.png"), "mine");

        part.Seal();
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => part.PublishAsync(_folder.At("fox.png"), replace: false));

        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.Equal("mine", File.ReadAllText(_folder.At("fox.png")));
    }

#if NET // Mono checks and renames in two steps. Windows needs neither.
    [Fact]
    public void If_two_downloads_use_one_name_at_the_same_time_one_succeeds()
    {
        using var start = new Barrier(2);
        for (int round = 0; round < 300; round++)
        {
            string name = _folder.At($"{round}.png");
            bool[] moved = new bool[2];
            Thread[] both = [.. Enumerable.Range(0, 2).Select(i => new Thread(() =>
            {
                string mine = _folder.At($"{i}.part");
                File.WriteAllText(mine, $"{i}");
                start.SignalAndWait();
                try
                {
                    PartFile.Rename(mine, name, replace: false);
                    moved[i] = true;
                }
                catch (IOException)
                {
                    // The other one was faster.
                }
            }))];
            foreach (Thread thread in both)
                thread.Start();
            foreach (Thread thread in both)
                thread.Join();

            Assert.Single(moved, true);
            Assert.Equal(moved[0] ? "0" : "1", File.ReadAllText(name));
        }
    }
#endif

    [Fact]
    public async Task One_task_saved_twice_in_parallel_is_one_file_for_both()
    {
        var (first, second) = (new DelayedAnswer(), new DelayedAnswer());
        _bench.Downloads.Script(first.Answer, second.Answer);
        ImageTarget target = _folder.Target();
        Task<SavedImage>[] saves =
            [.. Enumerable.Range(0, 2).Select(_ => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), target))];
        await Task.WhenAll(first.Arrived, second.Arrived);

        first.Release(Answer.Bytes(TestImages.Png()));
        await saves[0];
        second.Release(Answer.Bytes(TestImages.Png()));
        await saves[1];

        Assert.Equal([_folder.At("task1.png"), _folder.At("task1.png")], saves.Select(s => s.Result.Path));
        Assert.Equal(["task1.png"], _folder.Files);
    }

    [Fact]
    public async Task Force_replaces_a_file_with_a_whole_image()
    {
        File.WriteAllBytes(_folder.At("task1.png"), new byte[5000]);

        await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target(force: true));

        Assert.Equal(TestImages.Png(), _folder.Read("task1.png"));
        Assert.Equal(["task1.png"], _folder.Files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_tasks_with_one_name_do_not_overwrite_each_other(bool force)
    {
        ImageTarget target = _folder.Target("{name}", force);
        ImageTask first = TestBench.CreateCompletedTask("https://cdn.example/1") with { Name = "Fox" };

        await _bench.SaveAsync(first, target);
        NanoBananaException error = await RefusedAsync(first with { Id = "task2", Name = "fox" }, target);

        Assert.Contains("Two files would have the name", error.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Downloads.Requests);
        Assert.Equal(["Fox.png"], _folder.Files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_name_is_taken_with_the_detected_extension_instead_of_the_expected_one(bool together)
    {
        // Both are expected to be PNG. One is a JPEG.
        ImageTarget target = _folder.Target("{name}");
        var held = new DelayedAnswer();
        _bench.Downloads.Script(held.Answer, Answer.Bytes(TestImages.Png()));
        ImageTask jpeg = TestBench.CreateCompletedTask("https://cdn.example/1") with { Name = "fox" };
        ImageTask png = jpeg with { Id = "task2" };

        Task<SavedImage> first = _bench.SaveAsync(jpeg, target);
        await held.Arrived;
        if (!together)
            held.Release(Answer.Bytes(TestImages.Jpeg()));
        if (!together)
            await first;
        SavedImage second = await _bench.SaveAsync(png, target);
        held.Release(Answer.Bytes(TestImages.Jpeg()));

        Assert.Equal((_folder.At("fox.jpg"), _folder.At("fox.png")), ((await first).Path, second.Path));
        Assert.Equal(TestImages.Jpeg(), _folder.Read("fox.jpg"));
        Assert.Equal(TestImages.Png(), _folder.Read("fox.png"));
        Assert.Equal(["fox.jpg", "fox.png"], _folder.Files);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task If_two_images_finish_under_one_name_the_first_on_disk_keeps_it(bool force)
    {
        ImageTarget target = _folder.Target("{name}", force);
        var held = new DelayedAnswer();
        _bench.Downloads.Script(held.Answer, Answer.Bytes(TestImages.Png()));
        ImageTask slow = TestBench.CreateCompletedTask("https://cdn.example/1") with { Name = "fox" };

        Task<SavedImage> first = _bench.SaveAsync(slow, target);
        await held.Arrived;
        await _bench.SaveAsync(slow with { Id = "task2" }, target);
        held.Release(Answer.Bytes([.. TestImages.Png(), 0]));

        Assert.Equal(NanoBananaErrorKind.FileExists, (await Assert.ThrowsAsync<NanoBananaException>(() => first)).Kind);
        Assert.Equal(TestImages.Png(), _folder.Read("fox.png"));
        Assert.Equal(["fox.png"], _folder.Files);
    }

    [Theory]
    [InlineData("stra\u00DFe", "STRASSE")]
    [InlineData("\u00E9", "e\u0301")]
    [InlineData("e\u200B\u0301", "\u00E9")]
    [InlineData("\u212A", "k")]
    [InlineData("\u017Fnow", "snow")]
#if NET // Mono does not decompose ligatures.
    [InlineData("\uFB01sh", "fish")]
#endif
    [InlineData("fo\u200Dx", "fox")]
    [InlineData("fox.", "fox")]
    public async Task Names_that_are_equal_on_some_file_system_are_one_name(string first, string second)
    {
        ImageTarget target = _folder.Target("{name}", force: true);
        await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/1") with { Name = first }, target);

        await RefusedAsync(TestBench.CreateCompletedTask("https://cdn.example/2") with { Id = "task2", Name = second }, target);

        Assert.Single(_bench.Downloads.Requests);
    }

    [Fact]
    public async Task A_failed_download_can_be_retried_under_its_name()
    {
        ImageTarget target = _folder.Target();
        _bench.Downloads.Script([.. Enumerable.Repeat(Answer.Status(200, "<html>"), 5)]);
        await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), target));

        await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), target);

        Assert.Equal(["task1.png"], _folder.Files);
    }

    [Fact]
    public async Task An_unwritable_destination_fails_the_download()
    {
        File.WriteAllText(_folder.At("file"), "not a folder");
        ImageTarget target = ImageTarget.InDirectory(_folder.At("file/below"), FileNameTemplate.Default, force: false);

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), target));

        Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
        Assert.Equal(["file"], _folder.Files);
    }

    [Fact]
    public async Task A_folder_with_the_name_of_the_file_is_kept_and_no_file_is_left()
    {
        Directory.CreateDirectory(_folder.At("task1.png"));

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target(force: true)));

        Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void A_destination_that_is_a_file_is_refused()
    {
        File.WriteAllText(_folder.At("file"), "x");

        var error = Assert.Throws<NanoBananaException>(
            () => ImageTarget.InDirectory(_folder.At("file"), FileNameTemplate.Default, force: true));

        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
    }

    private async Task<NanoBananaException> RefusedAsync(ImageTask task, ImageTarget target)
    {
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => _bench.SaveAsync(task, target));
        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        return error;
    }
}
