using System.Security.Cryptography;
using System.Text.Json;
using NanoBanana.Client.Files;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Files;

/// <summary>The metadata file beside an image.</summary>
public sealed class MetadataTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly TemporaryFolder _folder = new();

    public MetadataTests() =>
        _bench.Downloads.Otherwise = r => Answer.Bytes(
            r.Address.EndsWith(".jpg", StringComparison.Ordinal) ? TestImages.Jpeg() : TestImages.Png());

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    private static ImageTask Full => TestBench.CreateCompletedTask("https://cdn.example/1.png", "https://cdn.example/2.jpg") with
    {
        Prompt = "ein Fuchs im \"Schnee\" 🦊",
        Model = "nano_banana_2",
        AspectRatio = "16:9",
        Resolution = "2K",
        ResponseModality = ["Image"],
        ImageUrl = ["https://images.example/a.png"],
        Name = "fox",
        Batch = "nightly",
        InputIndex = 7,
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_775_831_525),
        CompletedAt = DateTimeOffset.FromUnixTimeSeconds(1_775_831_537),
        Elapsed = TimeSpan.FromSeconds(12),
        PromptTokens = 9,
        CompletionTokens = 1120,
        TotalTokens = 1129,
        Cost = 0.04m,
        Text = "Here you are.",
        RequestId = "r-1",
        Endpoint = new Uri("https://api.example/"),
        Metadata = new Dictionary<string, object?> { ["seed"] = 42L, ["safe"] = true, ["notes"] = new object?[] { "a", null } },
    };

    [Fact]
    public async Task The_metadata_describes_how_the_image_was_made()
    {
        SavedImage saved = await DescribeAsync(Full, Target());

        JsonElement json = Read("task1.json");
        Assert.Equal("ein Fuchs im \"Schnee\" 🦊", json.GetProperty("Prompt").GetString());
        Assert.Equal(
            ("nano_banana_2", "16:9", "2K", "fox"),
            (Text(json, "Model"), Text(json, "AspectRatio"), Text(json, "Resolution"), Text(json, "Name")));
        Assert.Equal("""["Image"]""", Text(json, "ResponseModality", raw: true));
        Assert.Equal("https://images.example/a.png", json.GetProperty("ImageUrl")[0].GetString());
        Assert.Equal(("task1", "https://api.example/"), (Text(json, "Id"), Text(json, "Endpoint")));
        JsonElement ofRun = json.GetProperty("Run");
        Assert.Equal(
            ("nightly", 7, 1, "r-1"),
            (Text(ofRun, "Batch"), Number("Run", "InputIndex"), Number("Run", "ImageNumber"), Text(ofRun, "RequestId")));
        Assert.Equal(12, Number("Time", "ElapsedSeconds"));
        Assert.Equal(Full.CreatedAt, json.GetProperty("Time").GetProperty("CreatedAt").GetDateTimeOffset());
        Assert.Equal(_bench.Clock.GetUtcNow(), json.GetProperty("Time").GetProperty("SavedAt").GetDateTimeOffset());
        Assert.Equal(
            (9, 1120, 1129), (Number("Usage", "PromptTokens"), Number("Usage", "CompletionTokens"), Number("Usage", "TotalTokens")));
        Assert.Equal(0.04m, json.GetProperty("Usage").GetProperty("Cost").GetDecimal());
        Assert.Equal(
            ("task1.png", saved.Length),
            (Text(json.GetProperty("File"), "Name"), json.GetProperty("File").GetProperty("Length").GetInt64()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_folder.Read("task1.png"))), Text(json.GetProperty("File"), "Sha256"));
        Assert.Equal("""{"seed":42,"safe":true,"notes":["a",null]}""", Compact(json.GetProperty("Metadata")));
        Assert.Equal("Here you are.", Text(json, "Text"));

        int Number(string part, string name) => json.GetProperty(part).GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task The_batch_is_not_a_top_level_property_that_would_bind() =>
        Assert.False(
            (await JsonOfAsync(Full)).TryGetProperty("Batch", out _),
            "A batch buys nothing twice: with it the image could not be made again.");

    [Fact]
    public async Task The_metadata_does_not_contain_the_key()
    {
        await DescribeAsync(Full, Target());
        Assert.DoesNotContain(TestBench.Key, File.ReadAllText(_folder.At("task1.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_values_are_left_out()
    {
        JsonElement json = await JsonOfAsync(TestBench.CreateCompletedTask("https://cdn.example/1.png") with { Prompt = null });
        Assert.All(["Prompt", "ImageUrl", "AspectRatio", "Metadata"], name => Assert.False(json.TryGetProperty(name, out _), name));
    }

    [Fact]
    public async Task Each_image_of_a_task_has_its_own_metadata()
    {
        ImageTarget target = Target();
        await DescribeAsync(Full, target, 0);
        await DescribeAsync(Full, target, 1);
        Assert.Equal(["task1-2.jpg", "task1-2.json", "task1.json", "task1.png"], _folder.Files);
        Assert.Equal(2, Read("task1-2.json").GetProperty("Run").GetProperty("ImageNumber").GetInt32());
    }

    [Fact]
    public async Task A_large_inline_image_is_stored_as_a_hash_that_cannot_be_submitted()
    {
        byte[] sent = TestImages.Png(100_000);
        JsonElement json = await JsonOfAsync(Full with { ImageUrl = [$"data:image/png;base64,{Convert.ToBase64String(sent)}"] });

        string note = json.GetProperty("ImageUrl")[0].GetString()!;
        Assert.Equal($"data:image/png;base64,(100000 bytes, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(sent))}, not kept)", note);
        NanoBananaException error = Assert.Throws<NanoBananaException>(
            () => RequestRules.Check(new ImageRequest { Prompt = "a fox", ImageUrl = [note] }));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Contains("-ImagePath", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_made_from_a_file_records_its_path_and_hash()
    {
        Directory.CreateDirectory(_folder.At("photos"));
        string path = _folder.At("photos/me.png");
        File.WriteAllBytes(path, TestImages.Png(100_000));
        InputImage sent = InputImage.Read(path);
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        // The submitted bytes count, not the current file.
        File.WriteAllText(path, "another file");
        JsonElement json = await JsonOfAsync(Full with { ImageUrl = ["https://images.example/a.png", sent.DataUri], ImagePath = [path] });

        Assert.Equal([path], json.GetProperty("ImagePath").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal($$"""[{"Path":"photos/me.png","Sha256":"{{hash}}"}]""", Compact(json.GetProperty("MadeFrom")));
        Assert.Equal(2, json.GetProperty("ImageUrl").GetArrayLength());
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public async Task Without_the_bytes_in_memory_a_hash_is_recorded_only_for_an_unchanged_file(int seconds, bool isRecorded)
    {
        string path = _folder.At("me.png");
        File.WriteAllBytes(path, TestImages.Png(300));
        File.SetLastWriteTimeUtc(path, Full.CreatedAt!.Value.UtcDateTime.AddSeconds(seconds));
        JsonElement json = await JsonOfAsync(
            Full with { ImageUrl = ["data:image/png;base64,(300 characters, not kept)"], ImagePath = [path] });
        Assert.Equal(isRecorded, json.GetProperty("MadeFrom")[0].TryGetProperty("Sha256", out JsonElement hash));
        if (isRecorded)
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), hash.GetString());
    }

    [Fact]
    public async Task An_image_made_without_files_has_no_file_properties()
    {
        JsonElement json = await JsonOfAsync(Full);
        Assert.All(["ImagePath", "MadeFrom"], name => Assert.False(json.TryGetProperty(name, out _), name));
    }

    [Fact]
    public async Task A_small_inline_image_is_stored()
    {
        string small = $"data:image/png;base64,{Convert.ToBase64String(TestImages.Png(300))}";
        JsonElement json = await JsonOfAsync(Full with { ImageUrl = [small] });
        Assert.Equal(small, json.GetProperty("ImageUrl")[0].GetString());
        RequestRules.Check(new ImageRequest { Prompt = "a fox", ImageUrl = [small] });
    }

    [Fact]
    public async Task Another_file_with_that_name_is_kept_and_the_image_is_saved()
    {
        File.WriteAllText(_folder.At("task1.json"), """{"mine":true}""");
        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => DescribeAsync(Full, Target()));

        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.Contains("task1.json", error.Message, StringComparison.Ordinal);
        Assert.Equal("""{"mine":true}""", File.ReadAllText(_folder.At("task1.json")));
        Assert.Equal(["task1.json", "task1.png"], _folder.Files);
    }

    [Fact]
    public async Task The_metadata_of_another_task_is_kept()
    {
        await DescribeAsync(Full, Target("same"));
        File.Delete(_folder.At("same.png"));
        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(
            () => DescribeAsync(Full with { Id = "task2" }, Target("same")));
        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.Equal("task1", Text(Read("same.json"), "Id"));
    }

    [Fact]
    public async Task Force_replaces_the_metadata()
    {
        File.WriteAllText(_folder.At("task1.json"), "mine");
        await DescribeAsync(Full, Target(force: true));
        Assert.Equal("task1", Text(Read("task1.json"), "Id"));
    }

    [Fact]
    public async Task Edited_metadata_of_the_same_image_is_kept()
    {
        await DescribeAsync(Full, Target());
        string edited = File.ReadAllText(_folder.At("task1.json"))
            .Replace("\"Schema\": 1,", "\"Schema\": 1, \"Rating\": 5,", StringComparison.Ordinal);
        File.WriteAllText(_folder.At("task1.json"), edited);
        await DescribeAsync(Full, Target(force: true));
        Assert.Equal(edited, File.ReadAllText(_folder.At("task1.json")));
    }

    [Fact]
    public async Task Images_of_two_formats_with_one_stem_do_not_share_a_file()
    {
        ImageTarget target = Target("same");
        await DescribeAsync(Full, target, 0);
        ImageTask other = Full with
        {
            Id = "task2", Image = [new ImageOutput { Url = new Uri("https://cdn.example/2.jpg"), ContentType = "image/jpeg" }],
        };
        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => DescribeAsync(other, target));
        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.Equal(["same.jpg", "same.json", "same.png"], _folder.Files);
        Assert.Equal("task1", Text(Read("same.json"), "Id"));
    }

    [Fact]
    public async Task A_folder_with_the_name_of_the_metadata_is_an_error_and_leaves_no_partial_file()
    {
        Directory.CreateDirectory(_folder.At("task1.json"));
        NanoBananaException error = await Assert.ThrowsAsync<NanoBananaException>(() => DescribeAsync(Full, Target()));
        Assert.Equal(NanoBananaErrorKind.WriteFailed, error.Kind);
        Assert.Equal(["task1.png"], _folder.Files);
    }

    private ImageTarget Target(string template = "{id}", bool force = false) =>
        ImageTarget.InDirectory(_folder.Path, FileNameTemplate.Parse(template), force, writesMetadata: true);

    private async Task<SavedImage> DescribeAsync(ImageTask task, ImageTarget target, int imageNumber = 0)
    {
        SavedImage saved = await _bench.SaveAsync(task, target, imageNumber);
        _bench.Client.Describe(saved, target, _bench.Observer);
        return saved;
    }

    private async Task<JsonElement> JsonOfAsync(ImageTask task)
    {
        await DescribeAsync(task, Target());
        return Read("task1.json");
    }

    private JsonElement Read(string name) => JsonDocument.Parse(_folder.Read(name)).RootElement;

    private static string? Text(JsonElement json, string name, bool raw = false) =>
        !json.TryGetProperty(name, out JsonElement value) ? null : raw ? Compact(value) : value.GetString();

    private static string Compact(JsonElement value) => JsonSerializer.Serialize(value);
}
