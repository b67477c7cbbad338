using System.Text.RegularExpressions;

namespace NanoBanana.Module.Tests.Streams;

public sealed partial class VerboseTests : ModuleTest
{
    [Fact]
    public void Every_request_is_one_verbose_message_with_method_path_status_attempt_and_time()
    {
        Enqueue(EmulatorOperation.Create, EmulatorFault.Status(429, retryAfterSeconds: 0));
        Enqueue(EmulatorOperation.Poll, EmulatorFault.Status(502));

        ShellResult result = Run("New-NanoBananaImage fox -Verbose | Wait-NanoBananaTask -Verbose | Save-NanoBananaImage -Verbose");

        Assert.Single(result.Ok());
        string id = Emulator.Tasks[0].Id;
        string[] expected =
        [
            "POST /model/v1/generation 429, attempt 1, # ms",
            "POST /model/v1/generation 200, attempt 2, # ms",
            $"GET /model/v1/generation/task/{id} 502, attempt 1, # ms",
            $"GET /model/v1/generation/task/{id} 200, attempt 2, # ms",
            $"GET {Emulator.DownloadEndpoint}# 200, attempt 1, # ms",
        ];
        string[] requests = [.. result.Verbose.Where(v => v.Contains("attempt"))];
        Assert.Equal(expected.Length, requests.Length);
        Assert.All(
            expected.Zip(requests), pair => Assert.Matches("^" + Regex.Escape(pair.First).Replace("\\#", "\\S+") + "$", pair.Second));
    }

    [Fact]
    public void Without_Verbose_nothing_is_written()
    {
        ShellResult result = Run("New-NanoBananaImage fox | Wait-NanoBananaTask | Save-NanoBananaImage");
        Assert.Single(result.Ok());
        Assert.Empty(result.Verbose);
        Assert.Empty(result.Warnings);
        Assert.Empty(result.Debug);
        Assert.Empty(result.HostLines);
    }

    [Fact]
    public void Preference_variable_enables_verbose_messages_and_the_switch_disables_them()
    {
        ShellResult result = Run("""
            $VerbosePreference = 'Continue'
            New-NanoBananaImage fox
            New-NanoBananaImage owl -Verbose:$false
            """);
        Assert.Single(result.Verbose, v => v.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_command_completes_its_progress()
    {
        ShellResult result = Run("""
            'fox', 'owl [fail:5001095]' | New-NanoBananaImage | Wait-NanoBananaTask -ErrorAction SilentlyContinue | Save-NanoBananaImage
            """);

        var activities = result.Progress.GroupBy(p => p.ActivityId).ToDictionary(g => g.First().Activity, g => g.ToArray());
        Assert.Equal(["Saving images", "Submitting prompts", "Waiting for images"], activities.Keys.Order());
        Assert.All(activities.Values, records =>
        {
            Assert.Single(records, r => r.RecordType == ProgressRecordType.Completed);
            Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
        });
        Assert.All(result.Progress, p => Assert.InRange(p.PercentComplete, -1, 100));
    }
}
