using System.Text.Json;
using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Streams;

public sealed class LogTests : JournalModuleTest
{
    private const string Variable = "NANOBANANA_LOG";

    public override void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Variable_is_a_path_relative_to_the_location_of_the_session()
    {
        Run("""
            $env:NANOBANANA_LOG = 'logs/run.jsonl'
            [pscustomobject]@{ Name = 'fox'; Prompt = 'a fox' } | New-NanoBananaImage -Batch b -RunVariable run | Save-NanoBananaImage
            [pscustomobject]@{ Name = 'fox'; Prompt = 'a fox' } | New-NanoBananaImage -Batch b | Save-NanoBananaImage
            """).Ok();
        JsonElement[] lines = Lines("logs/run.jsonl");
        Assert.Equal(
            ["submitted", "accepted", "ended", "saved", "held", "saved"], lines.Select(line => line.GetProperty("event").GetString()));
        Assert.All(
            lines, line => Assert.Equal(("b", "fox"), (line.GetProperty("batch").GetString(), line.GetProperty("name").GetString())));
        Assert.All(lines.Skip(1), line => Assert.Equal(Emulator.Tasks[0].Id, line.GetProperty("id").GetString()));
        Assert.InRange(lines[2].GetProperty("tokens").GetInt64(), 1121, 1200);
        Assert.EndsWith(".png", lines[3].GetProperty("file").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Connection_can_have_its_own_log()
    {
        Environment.SetEnvironmentVariable(Variable, Folder["other.jsonl"]);
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -LogPath own.jsonl; New-NanoBananaImage fox -Wait")
            .Ok();
        Assert.Equal(3, Lines("own.jsonl").Length);
        Assert.False(File.Exists(Folder["other.jsonl"]));
        Assert.Equal(Folder["own.jsonl"], Assert.Single(Run("(Get-NanoBananaConnection).LogPath").Ok()).ToString());
    }

    [Fact]
    public void Failures_are_logged()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(401));
        Run("""
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -LogPath run.jsonl
            ('x' * 2501), 'a', 'b' | New-NanoBananaImage -ThrottleLimit 1 -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            'c [fail:5001095]' | New-NanoBananaImage -Wait -ErrorAction SilentlyContinue
            """);
        JsonElement[] lines = Lines("run.jsonl");
        Assert.Equal(
            ["failed", "submitted", "skipped", "skipped", "submitted", "accepted", "ended"],
            lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal(
            ["InvalidRequest", "ApiKeyRejected", "ApiKeyRejected"],
            lines.Where(line => line.TryGetProperty("error", out _)).Select(line => line.GetProperty("error").GetString()));
        Assert.Equal("Failed", lines[^1].GetProperty("status").GetString());
        Assert.Contains("005001095", lines[^1].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ApiKey, File.ReadAllText(Folder["run.jsonl"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_is_logged()
    {
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -LogPath run.jsonl").Ok();
        ShellRun run = Shell.Begin("'fox [hold]' | New-NanoBananaImage -Wait");
        await WaitForEmulatorAsync(c => c.Polls >= 1);
        run.Stop();
        run.End();
        JsonElement last = Lines("run.jsonl")[^1];
        Assert.Equal("stopped", last.GetProperty("event").GetString());
        Assert.Contains("New-NanoBananaImage", last.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_that_cannot_be_written_is_one_warning_and_stops_nothing()
    {
        File.WriteAllText(Folder["file"], "");
        ShellResult result = Run("$env:NANOBANANA_LOG = 'file/run.jsonl'; 'fox', 'owl' | New-NanoBananaImage | Save-NanoBananaImage");
        Assert.Equal((2, 0), (result.Output.Count, result.Errors.Count));
        Assert.Contains("can't be written", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Accepted_task_is_a_verbose_message_with_its_id_and_name()
    {
        ShellResult result = Run("[pscustomobject]@{ Name = 'fox'; Prompt = 'a fox' } | New-NanoBananaImage -Verbose");
        Assert.Contains($"Accepted: task {Emulator.Tasks[0].Id}, 'fox'", result.Verbose);
        Assert.Contains(result.Verbose, line =>
            line.StartsWith("POST", StringComparison.Ordinal) && line.EndsWith(", 'fox'", StringComparison.Ordinal));
    }

    private JsonElement[] Lines(string name) => [.. File.ReadAllLines(Folder[name]).Select(line => JsonDocument.Parse(line).RootElement)];
}
