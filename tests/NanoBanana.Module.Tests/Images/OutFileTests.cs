namespace NanoBanana.Module.Tests.Images;

public sealed class OutFileTests : ModuleTest
{
    [Fact]
    public void OutFile_works_alone_and_gives_the_image_this_exact_name()
    {
        PSObject file = Assert.Single(Run("New-NanoBananaImage 'a red fox' -AspectRatio 9:16 -Resolution 0.5K -OutFile fox.png").Ok());

        Assert.Equal(Folder["fox.png"], Assert.IsType<FileInfo>(file.BaseObject).FullName);
        Assert.Equal((384, 688), Reading.PixelSize(Folder["fox.png"]));
        Assert.Equal(("a red fox", "Completed"), (file.Part("Task").Text("Prompt"), file.Part("Task").Text("Status")));
        Assert.Equal(["fox.png"], Folder.Files);
    }

    [Fact]
    public void Force_replaces_an_existing_file()
    {
        Folder.Write("fox.png", "old");
        Run("New-NanoBananaImage fox -OutFile fox.png -Force").Ok();
        Assert.Equal((1024, 1024), Reading.PixelSize(Folder["fox.png"]));
    }

    [Fact]
    public void Extension_that_does_not_match_the_format_is_kept_with_one_warning()
    {
        ShellResult result = Run("New-NanoBananaImage fox -OutFile fox.jpg");

        Assert.Single(result.Ok());
        Assert.Contains("PNG", Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Equal((1024, 1024), Reading.PixelSize(Folder["fox.jpg"]));
    }

    [Fact]
    public void Failed_task_is_one_error_and_writes_no_file()
    {
        ShellResult result = Run("New-NanoBananaImage 'fox [fail:5001098]' -OutFile fox.png");

        ErrorRecord error = result.OnlyError("TaskFailed,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.OperationStopped);
        Assert.Equal(Emulator.Tasks[0].Id, error.Target().Text("Id"));
        Assert.Empty(result.Output);
        Assert.Empty(Folder.Files);
    }

    [Fact]
    public void Wait_emits_completed_tasks()
    {
        IReadOnlyList<PSObject> tasks = Run("'fox', 'owl' | New-NanoBananaImage -Wait").Ok();
        Assert.Equal(["Completed", "Completed"], tasks.Select(t => t.Text("Status")));
    }

    [Fact]
    public void Wait_reports_a_failed_task_and_emits_it()
    {
        ShellResult result = Run("'fox', 'owl [fail:5001095]' | New-NanoBananaImage -Wait");
        result.OnlyError("TaskFailed,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.OperationStopped);
        Assert.Equal(["Completed", "Failed"], result.Output.Select(t => t.Text("Status")).Order());
    }
}
