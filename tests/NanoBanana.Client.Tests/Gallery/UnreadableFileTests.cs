#if NET // Pipes and devices have paths on Unix.
using NanoBanana.Client.Gallery;
using NanoBanana.Client.Tests.Files;

namespace NanoBanana.Client.Tests.Gallery;

/// <summary>A file that cannot be read is reported on its own card and does not affect the rest of the page.</summary>
public sealed class UnreadableFileTests : IDisposable
{
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAEElEQVR4nGP4z8Dw/z8DAAv/Av4EnHwGAAAAAElFTkSuQmCC");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pipe", "not a regular file")]
    [InlineData("/dev/zero", "not a regular file")]
    [InlineData("folder", "fox.json is not used")]
    [InlineData("large", "larger than the limit of 1.0 MB")]
    [InlineData("{ \"Schema\": 1, ", "not valid JSON")]
    [InlineData("not JSON at all", "not valid JSON")]
    [InlineData("{ \"Schema\": 1, \"Id\": null, \"File\": { \"Name\": \"fox.png\", \"Sha256\": \"00\" } }", "no task id")]
    [InlineData("{ \"Schema\": 1, \"Id\": \"task1\", \"File\": null }", "no task id")]
    [InlineData(
        "{ \"Schema\": 1, \"Id\": \"task1\", \"Prompt\": \"\\ud800\", \"File\": { \"Name\": \"fox.png\", \"Sha256\": \"00\" } }",
        "not valid JSON")]
    [InlineData(
        "{ \"Schema\": 1, \"Id\": \"task1\", \"Time\": { \"SavedAt\": \"x\" }, \"File\": { \"Name\": \"fox.png\", \"Sha256\": \"0\" } }",
        "not valid JSON")]
    public async Task Invalid_metadata_is_a_reason_on_its_card_and_does_not_affect_other_cards(string metadata, string reason)
    {
        CreateFile("fox.json", metadata);
        string page = await WriteAsync(Image("fox.png"), Image("owl.png"));

        Assert.Equal(2, Count(page, "class=\"card\" data-state=\"saved\""));
        Assert.Equal(1, Count(page, "class=\"reason\""));
        Assert.Contains(reason, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, 2, 3]")]
    [InlineData("{ \"boxes\": [] }")]
    [InlineData("{ \"Schema\": \"https://example.com/schema\" }")]
    public async Task The_JSON_of_another_program_is_ignored(string metadata)
    {
        CreateFile("fox.json", metadata);
        Assert.Equal(0, Count(await WriteAsync(Image("fox.png")), "class=\"reason\""));
    }

    [Fact]
    public async Task Metadata_with_nulls_and_a_relative_endpoint_creates_a_card()
    {
        CreateFile(
            "fox.json",
            "{ \"Schema\": 1, \"Id\": \"task1\", \"ImageUrl\": [null], \"ResponseModality\": [null], "
            + "\"Endpoint\": \"x\", \"File\": { \"Name\": \"fox.png\", \"Sha256\": \"00\" } }");
        string page = await WriteAsync(Image("fox.png"));
        Assert.Contains("task1", page, StringComparison.Ordinal);
        Assert.Equal(0, Count(page, "class=\"reason\""));
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("/dev/zero")]
    [InlineData("folder")]
    public async Task An_image_that_is_not_a_regular_file_is_a_card_with_a_reason(string kind)
    {
        CreateFile("fox.png", kind);
        string page = await WriteAsync(_folder.At("fox.png"), Image("owl.png"));

        Assert.Equal(1, Count(page, "class=\"card\" data-state=\"saved\""));
        Assert.Equal(1, Count(page, "class=\"card\" data-state=\"missing\""));
        Assert.Contains("fox.png can", page, StringComparison.Ordinal);
    }

    private void CreateFile(string name, string kind)
    {
        string path = _folder.At(name);
        if (kind == "pipe")
            RegularFileTests.NamedPipe(path);
        else if (kind == "folder")
            Directory.CreateDirectory(path);
        else if (kind == "large")
            File.WriteAllText(path, new string(' ', 1024 * 1024 + 1));
        else if (kind.StartsWith("/dev/", StringComparison.Ordinal))
            File.CreateSymbolicLink(path, kind);
        else
            File.WriteAllText(path, kind);
    }

    private string Image(string name)
    {
        File.WriteAllBytes(_folder.At(name), Png);
        return _folder.At(name);
    }

    private async Task<string> WriteAsync(params string[] images)
    {
        string path = _folder.At("gallery.html");
        // The test fails if the write never ends.
        await Task.Run(() =>
        {
            using var gallery = new GalleryWriter(new GalleryOptions { Path = path, Title = "Drafts" });
            foreach (string image in images)
                gallery.Add(GalleryEntry.OfFile(image, null, null), CancellationToken.None);
            gallery.Finish();
        }).WaitAsync(TimeSpan.FromMinutes(2));
        return await File.ReadAllTextAsync(path);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
#endif
