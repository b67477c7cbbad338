namespace NanoBanana.Module.Tests.Queue;

/// <summary>The pipeline works in the same way with the queue dialect.</summary>
public sealed class QueuePipelineTests : QueueModuleTest
{
    [Fact]
    public void Prompts_become_tasks_and_then_images()
    {
        IReadOnlyList<PSObject> files = Run("""
            'fox', 'owl' | New-NanoBananaImage -AspectRatio 16:9 | Wait-NanoBananaTask |
                Save-NanoBananaImage -Destination out -FileName '{name}'
            """).Ok();

        Assert.Equal(["fox.png", "owl.png"], files.Select(file => file.Text("Name")).Order());
        Assert.Equal((1376, 768), Reading.PixelSize(Folder["out/fox.png"]));
        Assert.All(Emulator.Tasks, task => Assert.Equal("queue", task.Protocol));
        Assert.Equal("""{"prompt":"fox","aspect_ratio":"16:9"}""", Emulator.Tasks.Single(task => task.Prompt == "fox").Parameters);
        Assert.Equal((2, 2, 0), (Emulator.Counters.Results, Emulator.Counters.Downloads, Emulator.Counters.DownloadsWithAuthorization));
    }

    [Fact]
    public void New_task_is_pending_and_completed_task_has_all_details()
    {
        PSObject task = Assert.Single(Run("New-NanoBananaImage fox -Resolution 2K").Ok());
        Assert.Equal(("Pending", "Queue"), (task.Text("Status"), task.Text("Protocol")));
        Assert.StartsWith("mmsu_", task.Text("Id"), StringComparison.Ordinal);

        PSObject completed = Assert.Single(Run($"Get-NanoBananaTask {task.Text("Id")}").Ok());
        Assert.Equal(
            ("Completed", "COMPLETED", "An image of this prompt: fox"),
            (completed.Text("Status"), completed.Text("RawStatus"), completed.Text("Text")));
        PSObject image = PSObject.AsPSObject(((System.Collections.IEnumerable)completed.Get("Image")!).Cast<object>().Single());
        Assert.Equal(
            ("2048", "2048", "image/png", "0.png"),
            (image.Text("Width"), image.Text("Height"), image.Text("ContentType"), image.Text("FileName")));
        FileInfo file = Assert.IsType<FileInfo>(Assert.Single(Run($"Save-NanoBananaImage -Id {task.Text("Id")}").Ok()).BaseObject);
        Assert.Equal(file.Length, image.Get("FileSize"));
    }

    [Fact]
    public void OutFile_and_Wait_work()
    {
        Run("New-NanoBananaImage fox -OutFile fox.png").Ok();
        Assert.Equal("Completed", Assert.Single(Run("New-NanoBananaImage owl -Wait").Ok()).Text("Status"));
        Assert.Equal((1024, 1024), Reading.PixelSize(Folder["fox.png"]));
    }

    [Fact]
    public void Failed_task_is_TaskFailed_with_the_message_of_the_service_and_can_be_retried()
    {
        ShellResult result = Run("'fox', 'owl [fail:5001095]' | New-NanoBananaImage | Wait-NanoBananaTask -ErrorVariable failed");

        ErrorRecord error = result.OnlyError("TaskFailed,NanoBanana.Commands.WaitNanoBananaTaskCommand", ErrorCategory.OperationStopped);
        Assert.Contains("INFERENCE_FAILURE Internal generation error", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Counters.Results);
        Assert.Single(Run("$failed.TargetObject | New-NanoBananaImage").Ok());
        Assert.Equal(3, Emulator.Counters.CreatesAccepted);
    }

    [Fact]
    public void Task_without_an_image_is_NoImage_with_the_text_of_the_model()
    {
        ErrorRecord error = Run("New-NanoBananaImage 'fox [noimage]' | Save-NanoBananaImage")
            .OnlyError("NoImage,NanoBanana.Commands.SaveNanoBananaImageCommand", ErrorCategory.InvalidResult);
        Assert.Contains("No image could be made", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rejected_and_unknown_submissions_are_not_sent_twice()
    {
        Run("New-NanoBananaImage 'fox [refuse]'")
            .OnlyError("InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidArgument);
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept());
        Run("New-NanoBananaImage owl").OnlyError(
            "SubmissionUnknown,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.OperationStopped);
        Assert.Equal((2, 1), (Emulator.Counters.CreatesReceived, Emulator.Counters.CreatesAccepted));
    }

    [Fact]
    public void Transient_failure_of_a_result_is_retried_without_a_message()
    {
        Enqueue(EmulatorOperation.Result, EmulatorFault.Status(502));
        Enqueue(EmulatorOperation.Result, EmulatorFault.Garbage());
        Enqueue(EmulatorOperation.Result, EmulatorFault.CutBody());

        Assert.Single(Run("New-NanoBananaImage fox | Save-NanoBananaImage").Ok());
        Assert.Equal((4, 1), (Emulator.Counters.Results, Emulator.Counters.CreatesReceived));
    }

    [Fact]
    public void Error_message_of_the_service_is_quoted()
    {
        ErrorRecord error = Run("Get-NanoBananaTask mmsu_01hx7z9k3m5n8p2q4r6s8t0v1w")
            .OnlyError("TaskNotFound,NanoBanana.Commands.GetNanoBananaTaskCommand", ErrorCategory.ObjectNotFound);
        Assert.Contains("Request not found", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Emulator.Counters.Polls);
    }
}
