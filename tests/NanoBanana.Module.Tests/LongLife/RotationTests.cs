namespace NanoBanana.Module.Tests.LongLife;

/// <summary>A key is changed during work. Running pipelines keep their connection, and later commands use the new one.</summary>
public sealed class RotationTests() : ModuleTest()
{
    [Fact]
    public void Running_pipeline_keeps_its_key()
    {
        // The emulator accepts only the old key. It would refuse a poll or a submission with the new one.
        ShellResult run = Run("""
            'one', 'two', 'three' | New-NanoBananaImage -ThrottleLimit 1 | ForEach-Object {
                Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey 'the-new-key-of-this-session'
                $_
            } | Wait-NanoBananaTask | Save-NanoBananaImage
            """);

        Assert.Equal(3, run.Ok().Count);
        Assert.Equal(0, Emulator.Counters.Unauthorized);
    }

    [Fact]
    public void Command_started_later_uses_the_new_key()
    {
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey 'the-new-key-of-this-session'").Ok();
        Run("New-NanoBananaImage 'a fox'")
            .OnlyError("ApiKeyRejected,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.AuthenticationError);

        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey").Ok();
        Assert.Single(Run("New-NanoBananaImage 'a fox'").Ok());
    }

    [Fact]
    public async Task Wait_in_another_runspace_is_not_affected()
    {
        Run("$c = Get-NanoBananaConnection; $task = New-NanoBananaImage 'a slow fox [hold]'").Ok();
        ShellRun waiting = Shell.Begin(
            "$task | ForEach-Object -Parallel { Import-Module $using:module; $_ | Wait-NanoBananaTask -Connection $using:c }");
        await WaitForEmulatorAsync(c => c.Polls > 0);

        using var other = new ShellSession(Folder.Path).Import();
        other["emulator"] = Emulator;
        other.Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey 'the-new-key-of-this-session'").Ok();
        Emulator.Release();

        Assert.Single(waiting.End().Ok());
        Assert.Equal(0, Emulator.Counters.Unauthorized);
    }
}
