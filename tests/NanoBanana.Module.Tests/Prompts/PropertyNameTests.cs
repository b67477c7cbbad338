namespace NanoBanana.Module.Tests.Prompts;

public sealed class PropertyNameTests : ModuleTest
{
    private const string WholeBody =
        """{"prompt":"fox","image_urls":["https://example.com/a.png","https://example.com/b.png"],"aspect_ratio":"21:9","""
        + "\"resolution\":\"0.5K\",\"response_modalities\":[\"Text\",\"Image\"]}";

    [Fact]
    public void Objects_bind_by_parameter_names()
    {
        PSObject task = Assert.Single(Run("""
            [pscustomobject]@{
                Prompt = 'fox'; ImageUrl = @('https://example.com/a.png', 'https://example.com/b.png'); AspectRatio = '21:9'
                Resolution = '0.5K'; ResponseModality = 'Text', 'Image'; Name = 'my fox'; Model = 'nano_banana_2'
            } | New-NanoBananaImage
            """).Ok());

        Assert.Equal([WholeBody], Bodies);
        Assert.Equal("my fox", task.Text("Name"));
    }

    [Fact]
    public void Objects_bind_by_the_names_of_the_API()
    {
        Run("""
            [pscustomobject]@{
                prompt = 'fox'; image_urls = 'https://example.com/a.png', 'https://example.com/b.png'; aspect_ratio = '21:9'
                resolution = '0.5K'; response_modalities = [System.Collections.Generic.List[string]]('Text', 'Image')
            } | New-NanoBananaImage
            """).Ok();

        Assert.Equal([WholeBody], Bodies);
    }

    [Fact]
    public void Row_does_not_inherit_values_from_the_row_before()
    {
        Run("""
            [pscustomobject]@{ prompt = 'fox'; aspect_ratio = '16:9'; image_urls = 'https://example.com/a.png' },
            [pscustomobject]@{ prompt = 'owl' },
            'hare' | New-NanoBananaImage -ThrottleLimit 1
            """).Ok();

        Assert.Equal(
            [
                """{"prompt":"fox","image_urls":["https://example.com/a.png"],"aspect_ratio":"16:9"}""",
                """{"prompt":"owl"}""", """{"prompt":"hare"}""",
            ],
            Bodies);
    }

    [Fact]
    public void Empty_cell_of_a_table_is_a_missing_value()
    {
        Folder.Write("rows.csv", "Prompt,AspectRatio,Resolution,ImageUrl,Name,ResponseModality\nfox,,\" \",,,\n");
        Run("Import-Csv rows.csv | New-NanoBananaImage").Ok();
        Assert.Equal(["""{"prompt":"fox"}"""], Bodies);
    }

    [Fact]
    public void Command_line_overrides_the_row()
    {
        Run("[pscustomobject]@{ Prompt = 'fox'; AspectRatio = '16:9'; Resolution = '4K' } | New-NanoBananaImage -AspectRatio 1:1").Ok();
        Assert.Equal(["""{"prompt":"fox","aspect_ratio":"1:1","resolution":"4K"}"""], Bodies);
    }

    [Fact]
    public void Unknown_properties_are_ignored()
    {
        Run("""
            [pscustomobject]@{ Prompt = 'fox'; Status = 'new'; Path = 'C:\x'; OutFile = 'x.png'; Wait = $true; seed = 7 } |
                New-NanoBananaImage
            """).Ok();
        Assert.Equal(["""{"prompt":"fox"}"""], Bodies);
        Assert.Equal(0, Emulator.Counters.Polls);
    }

    [Fact]
    public void Instance_of_a_script_class_binds_like_any_object()
    {
        Run("""
            class Row { [string] $Prompt; [string] $aspect_ratio }
            [Row]@{ Prompt = 'fox'; aspect_ratio = '3:2' } | New-NanoBananaImage
            """).Ok();

        Assert.Equal(["""{"prompt":"fox","aspect_ratio":"3:2"}"""], Bodies);
    }

    [Fact]
    public void Failed_task_piped_to_New_sends_the_same_request_again()
    {
        ShellResult result = Run("""
            $failed = New-NanoBananaImage 'fox [fail:5001096]' -AspectRatio 3:4 -Resolution 0.5K -ResponseModality Image `
                -ImageUrl https://example.com/a.png -Name 'my fox' | Wait-NanoBananaTask -ErrorAction SilentlyContinue
            $failed, ($failed | New-NanoBananaImage)
            """);

        PSObject failed = result.Output[0], again = result.Output[1];
        Assert.Equal("Failed", failed.Text("Status"));
        Assert.Equal(2, Bodies.Count);
        Assert.Equal(Bodies[0], Bodies[1]);
        Assert.NotEqual(failed.Text("Id"), again.Text("Id"));
        Assert.Equal("my fox", again.Text("Name"));
    }
}
