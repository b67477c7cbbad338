namespace NanoBanana.Module.Tests.Images;

/// <summary>Images whose number, shape or size differs from the request.</summary>
public sealed class UnexpectedSizeTests : ModuleTest
{
    [Fact]
    public void OutFile_keeps_the_image_of_the_requested_size_and_warns_once_about_the_others()
    {
        ShellResult result = Run(
            "New-NanoBananaImage 'fox [size:1376x768] [size:2752x1536]' -AspectRatio 16:9 -Resolution 2K -OutFile fox.png");

        PSObject file = Assert.Single(result.Ok());
        Assert.Equal((2752, 1536), Reading.PixelSize(Folder["fox.png"]));
        Assert.Equal(["fox.png"], Folder.Files);
        Assert.Contains("has 2 images", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal(
            ("16:9 2K (2752x1536)", "2752x1536", true),
            (file.Text("RequestedSize"), $"{file.Properties["PixelSize"].Value}", file.Properties["IsAsRequested"].Value));
    }

    [Fact]
    public void Images_of_another_size_are_saved_and_counted_in_one_warning()
    {
        ShellResult result = Run("""
            'fox [size:1024x1024]', 'owl', 'elk [size:640x480]', 'ox [size:64x64]', 'hare [size:65x64]' |
                New-NanoBananaImage -AspectRatio 16:9 -Resolution 2K -ThrottleLimit 1 |
                Save-NanoBananaImage -FileName '{prompt}' -ThrottleLimit 1 -Metadata
            """);

        Assert.Equal(5, result.Ok().Count);
        string warning = Assert.Single(result.Warnings);
        Assert.StartsWith("4 images do not have", warning, StringComparison.Ordinal);
        Assert.Contains("is 1024x1024 instead of 16:9 2K (2752x1536)", warning, StringComparison.Ordinal);
        Assert.Contains("1 more", warning, StringComparison.Ordinal);
        Assert.Equal(4, result.Output.Count(file => file.Properties["IsAsRequested"].Value is false));
        string metadata = File.ReadAllText(Directory.GetFiles(Folder.Path, "fox*.json").Single());
        Assert.Contains("\"RequestedSize\": \"16:9 2K (2752x1536)\"", metadata, StringComparison.Ordinal);
        Assert.Contains("\"IsAsRequested\": false", metadata, StringComparison.Ordinal);
    }

    [Fact]
    public void No_warning_is_written_if_no_size_was_requested()
    {
        ShellResult result = Run("New-NanoBananaImage 'fox [size:640x480]' | Save-NanoBananaImage -FileName fox -Metadata");

        PSObject file = Assert.Single(result.Ok());
        Assert.Empty(result.Warnings);
        Assert.Null(file.Properties["RequestedSize"].Value);
        Assert.DoesNotContain("Requested", File.ReadAllText(Folder["fox.json"]), StringComparison.Ordinal);
    }
}
