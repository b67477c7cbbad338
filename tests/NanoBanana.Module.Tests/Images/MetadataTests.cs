namespace NanoBanana.Module.Tests.Images;

public sealed class MetadataTests : ModuleTest
{
    [Fact]
    public void A_saved_image_has_a_json_beside_it_that_makes_it_again()
    {
        PSObject file = Assert.Single(Run("""
            [pscustomobject]@{ Prompt = 'a "red" fox 🦊'; Name = 'fox'; AspectRatio = '16:9'; Resolution = '2K'; ResponseModality = 'Image'; ImageUrl = 'https://images.example/a.png', 'https://images.example/b.png' } |
                New-NanoBananaImage | Save-NanoBananaImage -Destination out -FileName '{name}' -Metadata
            """).Good());
        Assert.Equal(["out/fox.json", "out/fox.png"], Folder.Files);
        Assert.Equal("fox.png", file.Text("Name"));

        PipeBack("out/fox.json");

        Assert.Equal(2, Bodies.Count);
        Assert.Equal(Bodies[0], Bodies[1]);
        Assert.Contains("\"aspect_ratio\":\"16:9\"", Bodies[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_left_to_the_service_is_left_to_it_again()
    {
        Run("New-NanoBananaImage fox -Name fox | Save-NanoBananaImage -FileName '{name}' -Metadata").Good();
        PipeBack("fox.json");
        Assert.Equal(["""{"prompt":"fox"}""", """{"prompt":"fox"}"""], Bodies);
    }

    [Fact]
    public void Image_of_an_edit_is_made_again_from_the_input_file_unless_it_has_changed()
    {
        Run("'owl' | New-NanoBananaImage -AspectRatio 16:9 -OutFile owl.png; New-NanoBananaImage fox -ImagePath owl.png | Save-NanoBananaImage -FileName fox -Metadata").Good();
        Run("$json = Get-Content fox.json -Raw | ConvertFrom-Json; $json | New-NanoBananaImage").Good();
        Assert.Equal(Bodies[1], Bodies[2]);

        Run("'elk' | New-NanoBananaImage -OutFile owl.png -Force").Good();
        ErrorRecord error = Run("$json | New-NanoBananaImage").OnlyError("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Contains("has changed", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("-ImagePath", error.ToString(), StringComparison.Ordinal);
        Run("Remove-Item owl.png; $json | New-NanoBananaImage").OnlyError("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Assert.Equal(4, Bodies.Count);
    }

    [Fact]
    public void Image_of_an_edit_is_made_again_from_any_location()
    {
        Run("""
            New-NanoBananaImage owl -AspectRatio 16:9 | Save-NanoBananaImage in -FileName owl
            New-NanoBananaImage 'add a hat' -ImagePath in/owl.png -ImageUrl https://images.example/a.png | Save-NanoBananaImage out -FileName hat -Metadata
            """).Good();
        Run("Push-Location in; try { Get-Content ../out/hat.json -Raw | ConvertFrom-Json | New-NanoBananaImage } finally { Pop-Location }").Good();
        Assert.Equal(Bodies[1], Bodies[2]);
    }

    [Fact]
    public void The_image_is_saved_and_emitted_also_when_its_json_can_not_be()
    {
        Folder.Write("fox.json", "mine");
        ShellResult result = Run("New-NanoBananaImage fox | Save-NanoBananaImage -FileName fox -Metadata");
        result.OnlyError("FileExists,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.ResourceExists);
        Assert.Equal("fox.png", Assert.Single(result.Output).Text("Name"));
        Assert.Equal("mine", File.ReadAllText(Folder["fox.json"]));
    }

    [Fact]
    public void Without_it_and_with_WhatIf_there_is_none()
    {
        Run("New-NanoBananaImage fox | Save-NanoBananaImage -FileName fox; New-NanoBananaImage owl | Save-NanoBananaImage -Metadata -WhatIf").Good();
        Assert.Equal(["fox.png"], Folder.Files);
    }

    [Fact]
    public void Its_id_finds_the_task_again()
    {
        Run("New-NanoBananaImage fox | Save-NanoBananaImage -FileName fox -Metadata").Good();
        Assert.Equal(Emulator.Tasks[0].Id, Assert.Single(Run("$json = Get-Content fox.json -Raw | ConvertFrom-Json; $json | Get-NanoBananaTask").Good()).Text("Id"));
        Assert.Single(Run("$json | Save-NanoBananaImage -Destination again").Good());
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    private void PipeBack(string json) => Assert.Single(Run($"Get-Content {json} -Raw | ConvertFrom-Json | New-NanoBananaImage").Good());
}
