using System.Reflection;

namespace NanoBanana.Module.Tests.Submitting;

/// <summary>A cause that affects every input is one error, before the first submission or as soon as it is known.</summary>
public sealed class CommonCauseTests : ModuleTest
{
    private const string New = "NanoBanana.Commands.NewNanoBananaImageCommand";
    private const string Save = "NanoBanana.Commands.SaveNanoBananaImageCommand";

    [Fact]
    public void Refusals_with_the_same_cause_end_submitting_with_the_skipped_inputs()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(400, body: """{"message":"model is not served here"}"""), times: 40);

        ShellResult result = Run("1..40 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage -ThrottleLimit 1");

        ErrorRecord last = result.Errors[^1];
        Assert.Equal($"InvalidRequest,{New}", last.FullyQualifiedErrorId);
        Assert.Contains("inputs were not submitted", last.ToString(), StringComparison.Ordinal);
        Assert.Contains("model is not served here", last.ToString(), StringComparison.Ordinal);
        Assert.Equal(40, Assert.IsType<object[]>(last.TargetObject).Length + result.Errors.Count - 1);
        Assert.Equal(result.Errors.Count - 1, Emulator.Counters.CreatesReceived);
        Assert.InRange(Emulator.Counters.CreatesReceived, 2, 16);
    }

    [Fact]
    public void Unreachable_endpoint_ends_submitting_of_thousands_of_prompts()
    {
        Run("Connect-NanoBanana -Endpoint http://127.0.0.1:1 -ApiKey $emulator.ApiKey -MaximumRetryCount 0").Ok();

        ShellResult result = Run("1..5000 | ForEach-Object { \"fox $_\" } | New-NanoBananaImage");

        Assert.All(result.Errors, error => Assert.Equal($"ConnectionFailed,{New}", error.FullyQualifiedErrorId));
        Assert.InRange(result.Errors.Count, 2, 64);
        Assert.Equal(5000, Assert.IsType<object[]>(result.Errors[^1].TargetObject).Length + result.Errors.Count - 1);
    }

    [Theory]
    [InlineData("'fox', 'owl' | New-NanoBananaImage | Save-NanoBananaImage -Destination taken/below", Save)]
    [InlineData("'fox', 'owl' | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage -Destination taken/a/b", Save)]
    public void Unwritable_destination_is_one_error_before_the_first_submission(string script, string command)
    {
        Folder.Write("taken", "a file");

        ErrorRecord error = Run(script).OnlyError($"WriteFailed,{command}", ErrorCategory.WriteError);

        Assert.Contains("Images can't be saved to", error.ToString(), StringComparison.Ordinal);
        AssertNothingSent();
    }

    [Fact]
    public void Unwritable_folder_of_OutFile_is_one_error_before_the_submission()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Run("New-NanoBananaImage fox -OutFile /proc/fox.png").OnlyError($"WriteFailed,{New}", ErrorCategory.WriteError);
        AssertNothingSent();
    }

    [Fact]
    public void Destination_check_leaves_no_files_and_WhatIf_makes_no_check()
    {
        Folder.Write("taken", "a file");
        Run("@() | Save-NanoBananaImage -Destination new/folder").Ok();
        Run("'fox' | New-NanoBananaImage -WhatIf | Save-NanoBananaImage -Destination taken/below -WhatIf").Ok();
        Assert.Equal(["taken"], Directory.GetFileSystemEntries(Folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Destination_that_fails_later_stops_submitting()
    {
        Shell["problem"] = new Problem();
        // Blank lines submit nothing, but each one lets completed items pass through the pipeline.
        ShellResult result = Run("""
            & {
                $null = New-Item out -ItemType File
                'fox'; while (-not $problem.IsKnown()) { '' }; 'owl'; 'hare'
            } | New-NanoBananaImage -ThrottleLimit 1 | Save-NanoBananaImage -Destination out/images
            """);

        ErrorRecord ended = Assert.Single(result.Errors, error => error.FullyQualifiedErrorId == $"WriteFailed,{New}");
        Assert.Contains("2 inputs were not submitted", ended.ToString(), StringComparison.Ordinal);
        Assert.Equal(["owl", "hare"], Assert.IsType<object[]>(ended.TargetObject).Select(target => $"{target}"));
        Assert.Single(result.Errors, error => error.FullyQualifiedErrorId == $"DownloadFailed,{Save}");
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Commands_started_after_the_destination_failed_submit_nothing()
    {
        Shell["problem"] = new Problem();
        ShellResult result = Run("""
            'fox', 'owl' | ForEach-Object {
                $null = New-Item out -ItemType File -Force
                New-NanoBananaImage $_
                if ($_ -eq 'fox') { while (-not $problem.IsKnown()) { } }
            } | Save-NanoBananaImage -Destination out/images
            New-NanoBananaImage hare
            """);

        Assert.Equal("owl", $"{Assert.Single(result.Errors, error => error.FullyQualifiedErrorId == $"WriteFailed,{New}").TargetObject}");
        Assert.Equal("hare", Assert.Single(result.Output).Text("Prompt"));
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    /// <summary>Whether a command of the session has stopped submitting. Call it on the thread of the session.</summary>
    private sealed class Problem
    {
        private readonly Type _data = AppDomain.CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.GetType("NanoBanana.Connections.RunspaceData")).Last(type => type is not null)!;

        public bool IsKnown()
        {
            object? data = _data.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)!.GetValue(null);
            return _data.GetProperty("StopReason")!.GetValue(data) is not null;
        }
    }
}
