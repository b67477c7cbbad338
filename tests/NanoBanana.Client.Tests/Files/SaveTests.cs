using System.Security.Cryptography;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

/// <summary>Downloads that succeed.</summary>
public sealed class SaveTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, string> Formats => new()
    {
        { "png", ".png" }, { "jpeg", ".jpg" }, { "webp", ".webp" }, { "gif87", ".gif" }, { "gif89", ".gif" }, { "avif", ".avif" },
        { "avis", ".avif" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_extension_follows_the_bytes_only(string format, string extension)
    {
        byte[] bytes = BytesOf(format);
        _bench.Downloads.Script(Answer.Bytes(bytes, "image/bmp"));

        SavedImage saved = await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/image.tiff?x=.exe"), _folder.Target());

        Assert.Equal(_folder.At($"task1{extension}"), saved.Path);
        Assert.Equal([$"task1{extension}"], _folder.Files);
        Assert.Equal(bytes, _folder.Read($"task1{extension}"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(1_000_003)]
    public async Task The_file_contains_the_image_and_its_hash_is_correct(int more)
    {
        byte[] bytes = TestImages.Png(57 + more);
        _bench.Downloads.Script(Answer.Bytes(bytes));

        SavedImage saved = await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), _folder.Target());

        Assert.Equal(bytes, File.ReadAllBytes(saved.Path));
        Assert.Equal(bytes.Length, saved.Length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), saved.Sha256);
    }

    [Fact]
    public async Task A_body_received_byte_by_byte_is_one_image()
    {
        byte[] bytes = TestImages.WebP(100);
        _bench.Downloads.Script(Answer.Stream(() => new ScriptedStream(bytes) { ChunkSize = 1 }, length: null));

        SavedImage saved = await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target());

        Assert.EndsWith(".webp", saved.Path, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(saved.Path));
    }

    [Fact]
    public async Task Each_image_of_a_task_has_its_own_file()
    {
        _bench.Downloads.Otherwise = r => Answer.Bytes(r.Address.EndsWith('1') ? TestImages.Png() : TestImages.Jpeg());
        ImageTask task = TestBench.CreateCompletedTask("https://cdn.example/1", "https://cdn.example/2");
        ImageTarget target = _folder.Target();

        await Task.WhenAll(_bench.SaveAsync(task, target, 0), _bench.SaveAsync(task, target, 1));

        Assert.Equal(["task1-2.jpg", "task1.png"], _folder.Files);
    }

    [Fact]
    public async Task Folders_are_created_with_the_first_image()
    {
        ImageTarget target = ImageTarget.InDirectory(_folder.At("new/deep"), FileNameTemplate.Parse("{batch}/{name}"), force: false);
        Assert.False(Directory.Exists(_folder.At("new")));
        _bench.Downloads.Script(Answer.Bytes(TestImages.Png()));

        await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p") with { Batch = "night", Name = "fox" }, target);

        Assert.Equal(["new/deep/night/fox.png".Replace('/', Path.DirectorySeparatorChar)], _folder.Files);
    }

    [Fact]
    public async Task An_image_is_written_beside_its_target()
    {
        var body = new ScriptedStream(TestImages.Png()) { StallsAt = 500 };
        _bench.Downloads.Script(Answer.Stream(() => body, 1000));
        using var stop = new CancellationTokenSource();
        Task<SavedImage> save = _bench.SaveAsync(
            TestBench.CreateCompletedTask("https://cdn.example/p") with { Batch = "night" },
            _folder.Target("{batch}/{id}"),
            stop: stop.Token);
        await body.Stalled;

        string part = Assert.Single(_folder.Files);

        Assert.Equal("night", Path.GetDirectoryName(part));
        Assert.EndsWith(".part", part, StringComparison.Ordinal);
        FakeClock.Inline(stop.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save);
    }

    [Fact]
    public async Task A_part_file_of_a_killed_process_in_a_folder_of_the_template_is_removed()
    {
        string dead = $".{new string('a', 32)}.{Path.GetFileName(PartName.Create()).Split('.')[2].Split('-')[0]}-2147483647-00000000.part";
        Directory.CreateDirectory(_folder.At("night"));
        File.WriteAllText(_folder.At($"night/{dead}"), "half");
        _bench.Downloads.Script(Answer.Bytes(TestImages.Png()));

        await _bench.SaveAsync(
            TestBench.CreateCompletedTask("https://cdn.example/p") with { Batch = "night" }, _folder.Target("{batch}/{id}"));

        Assert.Equal([Path.Combine("night", "task1.png")], _folder.Files);
    }

    [Fact]
    public async Task A_folder_that_disappears_between_two_images_is_created_again()
    {
        _bench.Downloads.Otherwise = _ => Answer.Bytes(TestImages.Png());
        ImageTarget target = _folder.Target("{batch}/{id}");
        ImageTask task = TestBench.CreateCompletedTask("https://cdn.example/p") with { Batch = "night" };
        await _bench.SaveAsync(task, target);
        Directory.Delete(_folder.At("night"), recursive: true);

        await _bench.SaveAsync(task with { Id = "task2" }, target);

        Assert.Equal([Path.Combine("night", "task2.png")], _folder.Files);
    }

    [Theory]
    [InlineData(typeof(DirectoryNotFoundException), false)]
    [InlineData(typeof(FileNotFoundException), true)]
    public void A_folder_is_created_even_if_another_image_creates_it_at_the_same_time(Type error, bool isMade)
    {
        int tries = 0;
        FileStream Open(string path)
        {
            if (tries++ > 0)
                return PartFile.Open(path);
            if (isMade)
                Directory.CreateDirectory(_folder.At("night"));
            throw (Exception)Activator.CreateInstance(error)!;
        }

        using PartFile part = PartFile.CreateIn(_folder.At("night"), Open);

        Assert.Equal(2, tries);
    }

    [Fact]
    public void Part_files_have_unique_names_that_contain_their_process()
    {
        string[] names = [.. Enumerable.Range(0, 1000).Select(_ => PartName.Create())];

        Assert.Equal(1000, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches(@"^\.[0-9a-f]{32}\.[0-9a-f]{8}-[0-9]+-[0-9a-f]{8}\.part$", name));
        Assert.All(names, name => Assert.False(PartName.IsStale(name, TimeSpan.FromDays(400))));
    }

    [Fact]
    public async Task A_failing_download_host_is_retried()
    {
        _bench.Downloads.Script(
            Answer.NeverConnected, Answer.Reset, Answer.Status(500), Answer.Status(408), Answer.Bytes(TestImages.Png()));

        await _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target());

        Assert.Equal(5, _bench.Downloads.Requests.Count);
        Assert.Equal(["task1.png"], _folder.Files);
    }

    [Fact]
    public async Task A_busy_download_host_does_not_pause_the_API()
    {
        _bench.Downloads.Script(Answer.Status(429).RetryAfter(20), Answer.Bytes(TestImages.Png()));
        _bench.Api.Script(Answer.Running());

        Task<SavedImage> save = _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target());
        await _bench.GetAsync(_bench.CreateTask());
        await _bench.Clock.RunAsync(save, step: 1, steps: 25);

        Assert.Equal(TimeSpan.Zero, Assert.Single(_bench.Api.Requests).At);
        Assert.InRange(_bench.Downloads.Requests[1].At, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Fact]
    public async Task A_stop_leaves_no_file()
    {
        using var stop = new CancellationTokenSource();
        var body = new ScriptedStream(TestImages.Png()) { ChunkSize = 100, StallsAt = 500 };
        _bench.Downloads.Script(Answer.Stream(() => body, 1000));
        Task<SavedImage> save = _bench.SaveAsync(
            TestBench.CreateCompletedTask("https://cdn.example/p"), _folder.Target(), stop: stop.Token);
        await body.Stalled;

        FakeClock.Inline(stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save);
        Assert.Empty(_folder.Files);
    }

    private static byte[] BytesOf(string format) => format switch
    {
        "png" => TestImages.Png(),
        "jpeg" => TestImages.Jpeg(),
        "webp" => TestImages.WebP(),
        "gif87" => TestImages.Gif("GIF87a"),
        "gif89" => TestImages.Gif(),
        _ => TestImages.Avif(format),
    };
}
