namespace NanoBanana.Module.Tests.Images;

public sealed class SaveTests : ModuleTest
{
    [Fact]
    public void Pipeline_writes_images_of_the_requested_size_and_emits_files_with_their_task()
    {
        IReadOnlyList<PSObject> files = Run("""
            'a red fox', 'an owl at dusk' | New-NanoBananaImage -AspectRatio 16:9 -Resolution 2K |
                Wait-NanoBananaTask | Save-NanoBananaImage -Destination out/images
            """).Ok();

        Assert.Equal(2, files.Count);
        Assert.All(files, file =>
        {
            var info = Assert.IsType<FileInfo>(file.BaseObject);
            Assert.Equal((2752, 1536), Reading.PixelSize(info.FullName));
            Assert.Equal(Folder["out/images"], info.DirectoryName);
            Assert.Equal(".png", info.Extension);
            PSObject task = file.Part("Task");
            Assert.Equal(("Completed", "16:9", "2K"), (task.Text("Status"), task.Text("AspectRatio"), task.Text("Resolution")));
            Assert.Equal(1680L, task.Get("CompletionTokens"));
            Assert.Contains(task.Text("Id"), info.Name, StringComparison.Ordinal);
        });
        Assert.Equal(["a red fox", "an owl at dusk"], files.Select(f => f.Part("Task").Text("Prompt")).Order());
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
        Assert.Equal(2, Emulator.Counters.Downloads);
        Assert.Equal(0, Emulator.Counters.DownloadsWithAuthorization);
    }

    [Fact]
    public void Save_waits_for_tasks_that_have_not_ended()
    {
        PSObject file = Assert.Single(Run(
            "New-NanoBananaImage 'fox [status:queued]' -Name my-fox | Save-NanoBananaImage -FileName '{index:000}-{name}'").Ok());
        Assert.Equal((1024, 1024), Reading.PixelSize(Folder["000-my-fox.png"]));
        Assert.Equal("Completed", file.Part("Task").Text("Status"));
    }

    [Fact]
    public void Save_accepts_ids_and_saved_files()
    {
        Run("$task = New-NanoBananaImage fox | Get-NanoBananaTask").Ok();
        PSObject byId = Assert.Single(Run("Save-NanoBananaImage -Id $task.Id -Destination a").Ok());
        Assert.Equal(Emulator.Tasks[0].Id, byId.Part("Task").Text("Id"));

        Run("Save-NanoBananaImage -Id $task.Id -Destination b | Save-NanoBananaImage -Destination c").Ok();
        Assert.Equal(3, Folder.Files.Count);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public async Task Concurrent_downloads_are_limited_by_ThrottleLimit()
    {
        // These run one after the other, so that the peak below counts only the downloads.
        Run("$tasks = foreach ($i in 1..6) { New-NanoBananaImage \"fox $i\" | Get-NanoBananaTask }").Ok();
        Assert.Equal(1, Emulator.Counters.PeakConcurrentRequests);
        Enqueue(EmulatorOperation.Download, EmulatorFault.Stall(), times: 6);

        ShellRun run = Shell.Begin("$tasks | Save-NanoBananaImage -ThrottleLimit 2");
        for (int done = 0; done < 6; done += 2)
        {
            int seen = done + 2;
            await WaitForEmulatorAsync(c => c.Downloads == seen && c.ConcurrentRequests == 2);
            Emulator.Release();
        }

        Assert.Equal(6, run.End().Ok().Count);
        Assert.Equal(2, Emulator.Counters.PeakConcurrentRequests);
    }

    [Fact]
    public void Completed_task_without_an_image_is_NoImage_with_the_text_of_the_model()
    {
        ShellResult result = Run("'fox [noimage]', 'owl' | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage");

        ErrorRecord error = result.OnlyError("NoImage,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.InvalidResult);
        string text = error.Target().Text("Text");
        Assert.NotEmpty(text);
        Assert.Contains(text[..20], error.ToString(), StringComparison.Ordinal);
        Assert.Equal("owl", Assert.Single(result.Output).Part("Task").Text("Prompt"));
    }

    [Fact]
    public void Web_page_instead_of_an_image_is_NotAnImage_and_leaves_no_file()
    {
        // A single wrong answer is retried. Without retries it is an error.
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -MaximumRetryCount 0").Ok();
        Enqueue(EmulatorOperation.Download, EmulatorFault.Garbage());
        ErrorRecord error = Run("New-NanoBananaImage fox | Get-NanoBananaTask | Save-NanoBananaImage")
            .OnlyError("NotAnImage,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.InvalidData);

        Assert.Equal(Emulator.Tasks[0].Id, error.Target().Text("Id"));
        Assert.Empty(Folder.Files);
    }

    [Fact]
    public void Second_image_with_the_same_name_does_not_replace_the_first()
    {
        ShellResult result = Run(
            "'fox', 'owl' | New-NanoBananaImage | Get-NanoBananaTask | Save-NanoBananaImage -FileName same -ThrottleLimit 1");
        result.OnlyError("FileExists,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.ResourceExists);
        Assert.Equal(["same.png"], Folder.Files);
    }

    [Fact]
    public void WhatIf_downloads_nothing()
    {
        Run("New-NanoBananaImage fox | Get-NanoBananaTask | Save-NanoBananaImage -WhatIf").Ok();
        Assert.Equal(0, Emulator.Counters.Downloads);
        Assert.Empty(Folder.Files);
    }
}
