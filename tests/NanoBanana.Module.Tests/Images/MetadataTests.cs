namespace NanoBanana.Module.Tests.Images;

public sealed class MetadataTests : ModuleTest
{
    [Fact]
    public void Metadata_file_of_a_saved_image_can_be_piped_to_make_it_again()
    {
        PSObject file = Assert.Single(Run("""
            [pscustomobject]@{
                Prompt = 'a "red" fox 🦊'; Name = 'fox'; AspectRatio = '16:9'; Resolution = '2K'; ResponseModality = 'Image'
                ImageUrl = 'https://images.example/a.png', 'https://images.example/b.png'
            } |
                New-NanoBananaImage | Save-NanoBananaImage -Destination out -FileName '{name}' -Metadata
            """).Ok());
        Assert.Equal(["out/fox.json", "out/fox.png"], Folder.Files);
        Assert.Equal("fox.png", file.Text("Name"));

        PipeBack("out/fox.json");

        Assert.Equal(2, Bodies.Count);
        Assert.Equal(Bodies[0], Bodies[1]);
        Assert.Contains("\"aspect_ratio\":\"16:9\"", Bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Default_values_are_not_sent_when_an_image_is_made_again()
    {
        Run("New-NanoBananaImage fox -Name fox | Save-NanoBananaImage -FileName '{name}' -Metadata").Ok();
        PipeBack("fox.json");
        Assert.Equal(["""{"prompt":"fox"}""", """{"prompt":"fox"}"""], Bodies);
    }

    [Fact]
    public void Edited_image_is_made_again_from_its_input_file_unless_the_file_has_changed()
    {
        Run("""
            'owl' | New-NanoBananaImage -AspectRatio 16:9 -OutFile owl.png
            New-NanoBananaImage fox -ImagePath owl.png | Save-NanoBananaImage -FileName fox -Metadata
            """).Ok();
        Run("$json = Get-Content fox.json -Raw | ConvertFrom-Json; $json | New-NanoBananaImage").Ok();
        Assert.Equal(Bodies[1], Bodies[2]);

        Run("'elk' | New-NanoBananaImage -OutFile owl.png -Force").Ok();
        ErrorRecord error = Run("$json | New-NanoBananaImage").OnlyError(
            "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Contains("has changed", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("-ImagePath", error.ToString(), StringComparison.Ordinal);
        Run("Remove-Item owl.png; $json | New-NanoBananaImage")
            .OnlyError("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Equal(4, Bodies.Count);
    }

    [Fact]
    public void Edited_image_can_be_made_again_from_any_location()
    {
        Run("""
            New-NanoBananaImage owl -AspectRatio 16:9 | Save-NanoBananaImage in -FileName owl
            New-NanoBananaImage 'add a hat' -ImagePath in/owl.png -ImageUrl https://images.example/a.png |
                Save-NanoBananaImage out -FileName hat -Metadata
            """).Ok();
        Run("Push-Location in; try { Get-Content ../out/hat.json -Raw | ConvertFrom-Json | New-NanoBananaImage } finally { Pop-Location }")
            .Ok();
        Assert.Equal(Bodies[1], Bodies[2]);
    }

    [Fact]
    public void Image_is_saved_and_emitted_if_its_metadata_cannot_be_saved()
    {
        Folder.Write("fox.json", "mine");
        ShellResult result = Run("New-NanoBananaImage fox | Save-NanoBananaImage -FileName fox -Metadata");
        result.OnlyError("FileExists,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.ResourceExists);
        Assert.Equal("fox.png", Assert.Single(result.Output).Text("Name"));
        Assert.Equal("mine", File.ReadAllText(Folder["fox.json"]));
    }

    [Fact]
    public void No_metadata_is_written_without_the_switch_or_with_WhatIf()
    {
        Run("New-NanoBananaImage fox | Save-NanoBananaImage -FileName fox").Ok();
        Run("New-NanoBananaImage owl | Save-NanoBananaImage -Metadata -WhatIf").Ok();
        Assert.Equal(["fox.png"], Folder.Files);
    }

    [Fact]
    public void Metadata_piped_to_Get_finds_the_task()
    {
        Run("New-NanoBananaImage fox | Save-NanoBananaImage -FileName fox -Metadata").Ok();
        PSObject task = Assert.Single(Run("$json = Get-Content fox.json -Raw | ConvertFrom-Json; $json | Get-NanoBananaTask").Ok());
        Assert.Equal(Emulator.Tasks[0].Id, task.Text("Id"));
        Assert.Single(Run("$json | Save-NanoBananaImage -Destination again").Ok());
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    private void PipeBack(string json) => Assert.Single(Run($"Get-Content {json} -Raw | ConvertFrom-Json | New-NanoBananaImage").Ok());
}
