namespace NanoBanana.Module.Tests.Journal;

/// <summary>A script with -Batch and -OutFile can be run again.</summary>
public sealed class BatchOutFileTests : JournalModuleTest
{
    private const string New = "NanoBanana.Commands.NewNanoBananaImageCommand";
    private const string Script = "New-NanoBananaImage 'a red fox' -Batch b -OutFile fox.png";

    [Theory]
    [InlineData(Script)]
    [InlineData("'a red fox' | New-NanoBananaImage -Batch b -OutFile fox.png")]
    [InlineData("[pscustomobject]@{ Prompt = 'a red fox'; Batch = 'b' } | New-NanoBananaImage -OutFile fox.png")]
    [InlineData("New-NanoBananaImage 'two [size:100x100] [size:300x200]' -Batch b -OutFile fox.png -WarningAction SilentlyContinue")]
    public void Second_run_returns_the_file_without_submitting_or_writing(string script)
    {
        string id = Assert.Single(Run(script).Ok()).Part("Task").Text("Id");
        var time = new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Folder["fox.png"], time);
        long downloads = Emulator.Counters.Downloads;

        PSObject file = Assert.Single(Run(script).Ok());

        Assert.Equal((Folder["fox.png"], id), (Assert.IsType<FileInfo>(file.BaseObject).FullName, file.Part("Task").Text("Id")));
        Assert.Equal(time, File.GetLastWriteTimeUtc(Folder["fox.png"]));
        Assert.Equal((1, downloads), (Emulator.Counters.CreatesReceived, Emulator.Counters.Downloads));
        Assert.Contains("Buy nothing", Assert.Single(Run($"{script} -WhatIf").HostLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Set-Content fox.png mine")]
    [InlineData("Add-Content fox.png mine")]
    [InlineData("Remove-NanoBananaTask (Get-NanoBananaTask -Batch b) -Force")]
    public void Changed_file_is_refused_before_anything_is_submitted(string change)
    {
        Run(Script).Ok();
        Run(change).Ok();
        byte[] before = File.ReadAllBytes(Folder["fox.png"]);

        Run(Script).OnlyError($"FileExists,{New}", ErrorCategory.ResourceExists);
        Run($"{Script} -WhatIf").OnlyError($"FileExists,{New}", ErrorCategory.ResourceExists);

        Assert.Equal(1, Emulator.Counters.CreatesReceived);
        Assert.Equal(before, File.ReadAllBytes(Folder["fox.png"]));
        Run($"{Script} -Force").Ok();
    }

    [Fact]
    public void File_of_another_request_is_refused_before_anything_is_submitted()
    {
        Folder.Write("fox.png", "mine");
        Run(Script).OnlyError($"FileExists,{New}", ErrorCategory.ResourceExists);
        AssertNothingSent();
        Assert.False(File.Exists(JournalPath));

        Run("New-NanoBananaImage owl -Batch b -OutFile owl.png").Ok();
        Run("New-NanoBananaImage 'another owl' -Batch b -OutFile owl.png").OnlyError($"FileExists,{New}", ErrorCategory.ResourceExists);
        Run("New-NanoBananaImage owl -OutFile owl.png").OnlyError($"FileExists,{New}", ErrorCategory.ResourceExists);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Removed_file_is_saved_again_without_a_submission()
    {
        Run(Script).Ok();
        File.Delete(Folder["fox.png"]);
        Run(Script).Ok();
        Assert.True(File.Exists(Folder["fox.png"]));
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Changed_prompt_under_the_same_name_replaces_the_older_file()
    {
        Run("New-NanoBananaImage fox -Batch b -Name n -OutFile n.png").Ok();
        Run("New-NanoBananaImage owl -Batch b -Name n -OutFile n.png").Ok();
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
        PSObject file = Assert.Single(Run("New-NanoBananaImage owl -Batch b -Name n -OutFile n.png").Ok());
        Assert.Equal("owl", file.Part("Task").Text("Prompt"));
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }
}
