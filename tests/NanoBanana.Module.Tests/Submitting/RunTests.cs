using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Submitting;

/// <summary><c>exit $run.ExitCode</c> gives the outcome of a run for every way it can end.</summary>
public sealed class RunTests : JournalModuleTest
{
    private const string Quiet = "-ErrorAction SilentlyContinue -WarningAction SilentlyContinue";

    [Theory]
    [InlineData(0, "'fox', 'owl'")]
    [InlineData(0, "@()")]
    [InlineData(3, "'fox', 'owl [fail:5001095]'")]
    [InlineData(3, "'fox', ('x' * 2501)")]
    public void Exit_code_depends_on_the_outcome(int exitCode, string prompts)
    {
        Assert.Equal([$"{exitCode}", $"{exitCode}"], ExitCodes(prompts));
    }

    [Theory]
    [InlineData(401, null, 6)]
    [InlineData(403, null, 6)]
    [InlineData(429, 4000, 5)]
    [InlineData(503, 4000, 7)]
    [InlineData(500, null, 4)]
    public void Exit_code_depends_on_the_answer_to_a_submission(int status, int? retryAfter, int exitCode)
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(status, retryAfter));
        Assert.Equal([$"{exitCode}", $"{exitCode}"], ExitCodes("'fox'"));
    }

    [Fact]
    public void Every_prompt_is_counted_once_in_the_run_and_in_the_journal()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.ResetAfterAccept());
        ShellResult result = Run($"""
            'lost', 'fox', 'owl [fail:5001095]', ('x' * 2501) | New-NanoBananaImage -Batch b -ThrottleLimit 1 -RunVariable run {Quiet} |
                Save-NanoBananaImage {Quiet} | Out-Null
            "$run"; "$((Get-NanoBananaBatch b).Run)"
            'fox' | New-NanoBananaImage -Batch b -RunVariable run | Save-NanoBananaImage | Out-Null
            "$run"; "$((Get-NanoBananaBatch b).Run)"
            """);
        string[] lines = [.. result.Ok().Select(line => line.ToString())];
        Assert.StartsWith("4 asked, 2 bought, 0 held, 1 saved, 2 failed, 1 unknown, 0 skipped", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "1 asked, 0 bought, 1 held, 1 saved, 0 failed, 0 unknown, 0 skipped; 0 tokens; exit code 0",
            lines[2],
            StringComparison.Ordinal);
        Assert.Equal((lines[0], lines[2]), (lines[1], lines[3]));
    }

    [Fact]
    public void Prompts_after_a_rejected_key_are_skipped()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(401));
        string script = $"'a', 'b', 'c' | New-NanoBananaImage -ThrottleLimit 1 -RunVariable run {Quiet}; \"$run $($run.Reason)\"";
        string line = Run(script).Ok()[0].ToString();
        Assert.StartsWith("3 asked, 0 bought, 0 held, 0 saved, 0 failed, 0 unknown, 3 skipped", line, StringComparison.Ordinal);
        Assert.EndsWith("exit code 6 ApiKeyRejected", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsaved_images_give_exit_code_1_until_a_later_pipeline_saves_them()
    {
        Assert.Equal(
            ["1", "1", "0", "0"],
            Lines("""
                $tasks = 'fox', 'owl' | New-NanoBananaImage -Batch b -RunVariable run
                $run.ExitCode; (Get-NanoBananaBatch b).ExitCode
                $tasks | Save-NanoBananaImage | Out-Null
                $run.ExitCode; (Get-NanoBananaBatch b).ExitCode
                """));
    }

    [Fact]
    public void Existing_file_gives_exit_code_1()
    {
        string script = $"Set-Content x.png x; 'fox' | New-NanoBananaImage -RunVariable run | Save-NanoBananaImage -FileName x {Quiet}";
        Assert.Equal(["1"], Lines($"{script}; $run.ExitCode"));
    }

    [Theory]
    [InlineData("'fox' | New-NanoBananaImage -RunVariable run -ThrottleLimit 1 | Save-NanoBananaImage -FileName '{no-such-field}'")]
    [InlineData("& { 'fox'; throw 'upstream' } | New-NanoBananaImage -RunVariable run | Save-NanoBananaImage")]
    [InlineData("Disconnect-NanoBanana; 'fox' | New-NanoBananaImage -RunVariable run | Save-NanoBananaImage")]
    [InlineData("New-NanoBananaImage fox -AspectRatio 16:10 -RunVariable run | Save-NanoBananaImage")]
    public void Terminated_pipeline_gives_exit_code_1(string pipeline)
    {
        Assert.Equal(["1"], Lines($"try {{ {pipeline} | Out-Null }} catch {{ }} $run.ExitCode"));
    }

    [Fact]
    public async Task Stopped_run_gives_exit_code_130_also_in_the_journal()
    {
        ShellRun run = Shell.Begin("'fox', 'owl [hold]' | New-NanoBananaImage -Batch b -RunVariable run | Save-NanoBananaImage");
        await WaitForEmulatorAsync(c => c.CreatesAccepted == 2 && c.Polls >= 1);
        run.Stop();
        run.End();
        Assert.Equal(["130", "130", "2"], Lines("$run.ExitCode; $b = Get-NanoBananaBatch b; $b.ExitCode; $b.Run.Bought"));
        Assert.Equal(
            ["0", "0"],
            Lines("""
                $emulator.Release()
                'fox', 'owl [hold]' | New-NanoBananaImage -Batch b -RunVariable run | Save-NanoBananaImage | Out-Null
                $run.ExitCode; (Get-NanoBananaBatch b).ExitCode
                """));
    }

    [Fact]
    public void Variable_is_set_in_the_callers_scope_before_the_first_prompt()
    {
        Assert.Equal(
            ["1", "True", "0", "False", "of the caller"],
            Lines("""
                function Invoke-Run {
                    & { Set-Variable first $run.Asked -Scope 1; 'fox' } | New-NanoBananaImage -Wait -RunVariable run |
                        ForEach-Object { $run.Bought; $run.IsRunning }
                    $first; $run.IsRunning
                }
                $run = 'of the caller'
                Invoke-Run
                $run
                """));
    }

    [Fact]
    public void Run_without_a_journal_is_counted()
    {
        SetJournal("off");
        string line = Assert.Single(Lines($"""
            'fox', 'owl' | New-NanoBananaImage -RunVariable run {Quiet} | Save-NanoBananaImage {Quiet} | Out-Null
            "$run"
            """));
        Assert.StartsWith("2 asked, 2 bought, 0 held, 2 saved,", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Exhausted_budget_gives_exit_code_5_also_in_the_journal()
    {
        Assert.Equal(
            ["5", "5", "1", "2"],
            Lines($"""
                'a', 'b', 'c' | New-NanoBananaImage -Batch b -MaximumImages 1 -ThrottleLimit 1 -RunVariable run {Quiet} |
                    Save-NanoBananaImage | Out-Null
                $run.ExitCode; (Get-NanoBananaBatch b).ExitCode; $run.Saved; $run.Skipped
                """));
        Assert.Equal(
            ["5", "5"],
            Lines($"""
                'd' | New-NanoBananaImage -Batch none -MaximumImages 0 -RunVariable run {Quiet} | Save-NanoBananaImage
                $run.ExitCode; (Get-NanoBananaBatch none).ExitCode
                """));
    }

    [Fact]
    public void WhatIf_counts_no_prompts() =>
        Assert.Equal(["0", "0"], Lines("'fox' | New-NanoBananaImage -RunVariable run -WhatIf; $run.Asked; $run.ExitCode"));

    private IReadOnlyList<string> ExitCodes(string prompts) => Lines($"""
        {prompts} | New-NanoBananaImage -Batch b -RunVariable run {Quiet} | Save-NanoBananaImage {Quiet} | Out-Null
        $run.ExitCode
        if ($run.Asked) {"{"} (Get-NanoBananaBatch b).ExitCode {"}"} else {"{"} 0 {"}"}
        """);

    private IReadOnlyList<string> Lines(string script) => [.. Run(script).Output.Select(line => $"{line}")];
}
