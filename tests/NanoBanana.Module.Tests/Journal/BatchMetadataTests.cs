using System.Text.Json;

namespace NanoBanana.Module.Tests.Journal;

public sealed class BatchMetadataTests : JournalModuleTest
{
    private const string Save = "Save-NanoBananaImage -Destination out -FileName '{name}' -Metadata";

    [Fact]
    public void A_batch_that_is_run_again_writes_the_json_that_is_missing_and_fetches_nothing()
    {
        const string Script = $"'fox', 'owl' | New-NanoBananaImage -Batch b | {Save}";
        Run(Script).Good();
        string owl = File.ReadAllText(Folder["out/owl.json"]);
        File.Delete(Folder["out/fox.json"]);

        Assert.Equal(2, Run(Script).Good().Count);

        Assert.Equal("fox", Prompt("out/fox.json"));
        Assert.Equal(owl, File.ReadAllText(Folder["out/owl.json"]));
        Assert.Equal(2, Emulator.Counters.Downloads);
    }

    [Fact]
    public void The_json_of_an_image_gives_way_with_it_when_its_request_was_changed_under_its_name()
    {
        Run($"New-NanoBananaImage 'one fox' -Name fox -Batch b | {Save}").Good();
        Run($"New-NanoBananaImage 'two foxes' -Name fox -Batch b | {Save}").Good();
        Assert.Equal("two foxes", Prompt("out/fox.json"));
        Assert.Equal(["out/fox.json", "out/fox.png"], Folder.Files.Where(file => file.StartsWith("out", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_request_that_does_not_take_the_old_images_place_leaves_its_json()
    {
        Run($"New-NanoBananaImage 'one fox' -Name fox -Batch b | {Save}").Good();
        File.Delete(Folder["out/fox.png"]);
        Run($"New-NanoBananaImage 'two foxes' -Name fox | {Save}").OnlyError("FileExists,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.ResourceExists);
        Assert.Equal("one fox", Prompt("out/fox.json"));
    }

    private string? Prompt(string json) => JsonDocument.Parse(File.ReadAllText(Folder[json])).RootElement.GetProperty("Prompt").GetString();
}
