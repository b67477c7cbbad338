using System.Text.Json;

namespace NanoBanana.Module.Tests.Journal;

public sealed class BatchMetadataTests : JournalModuleTest
{
    private const string Save = "Save-NanoBananaImage -Destination out -FileName '{name}' -Metadata";

    [Fact]
    public void Running_a_batch_again_writes_missing_metadata_and_downloads_nothing()
    {
        const string Script = $"'fox', 'owl' | New-NanoBananaImage -Batch b | {Save}";
        Run(Script).Ok();
        string owl = File.ReadAllText(Folder["out/owl.json"]);
        File.Delete(Folder["out/fox.json"]);

        Assert.Equal(2, Run(Script).Ok().Count);

        Assert.Equal("fox", Prompt("out/fox.json"));
        Assert.Equal(owl, File.ReadAllText(Folder["out/owl.json"]));
        Assert.Equal(2, Emulator.Counters.Downloads);
    }

    [Fact]
    public void Changed_request_under_the_same_name_replaces_image_and_metadata()
    {
        Run($"New-NanoBananaImage 'one fox' -Name fox -Batch b | {Save}").Ok();
        Run($"New-NanoBananaImage 'two foxes' -Name fox -Batch b | {Save}").Ok();
        Assert.Equal("two foxes", Prompt("out/fox.json"));
        Assert.Equal(["out/fox.json", "out/fox.png"], Folder.Files.Where(file => file.StartsWith("out", StringComparison.Ordinal)));
    }

    [Fact]
    public void Request_that_does_not_replace_the_image_keeps_its_metadata()
    {
        Run($"New-NanoBananaImage 'one fox' -Name fox -Batch b | {Save}").Ok();
        File.Delete(Folder["out/fox.png"]);
        Run($"New-NanoBananaImage 'two foxes' -Name fox | {Save}")
            .OnlyError("FileExists,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.ResourceExists);
        Assert.Equal("one fox", Prompt("out/fox.json"));
    }

    private string? Prompt(string json) => JsonDocument.Parse(File.ReadAllText(Folder[json])).RootElement.GetProperty("Prompt").GetString();
}
