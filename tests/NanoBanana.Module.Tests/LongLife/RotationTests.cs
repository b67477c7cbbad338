namespace NanoBanana.Module.Tests.LongLife;

/// <summary>A key is exchanged while work is running: what runs keeps its connection, what begins takes the new one.</summary>
public sealed class RotationTests() : ModuleTest()
{
    [Fact]
    public void A_pipeline_that_runs_keeps_its_key_to_its_end()
    {
        // The emulator takes the old key alone: a poll or a submit with the new one would be refused.
        ShellResult run = Run("""
            'one', 'two', 'three' | New-NanoBananaImage -ThrottleLimit 1 | ForEach-Object {
                Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey 'the-new-key-of-this-session'
                $_
            } | Wait-NanoBananaTask | Save-NanoBananaImage
            """);

        Assert.Equal(3, run.Good().Count);
        Assert.Equal(0, Emulator.Counters.Unauthorized);
    }

    [Fact]
    public void What_begins_after_it_takes_the_new_key()
    {
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey 'the-new-key-of-this-session'").Good();
        Run("New-NanoBananaImage 'a fox'").OnlyError("ApiKeyRejected,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.AuthenticationError);

        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey").Good();
        Assert.Single(Run("New-NanoBananaImage 'a fox'").Good());
    }

    [Fact]
    public async Task A_wait_in_another_runspace_is_not_disturbed()
    {
        Run("$c = Get-NanoBananaConnection; $task = New-NanoBananaImage 'a slow fox [hold]'").Good();
        ShellRun waiting = Shell.Begin("$task | ForEach-Object -Parallel { Import-Module $using:module; $_ | Wait-NanoBananaTask -Connection $using:c }");
        await SeenAsync(c => c.Polls > 0);

        using var other = new ShellSession(Folder.Path).Import();
        other["emulator"] = Emulator;
        other.Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey 'the-new-key-of-this-session'").Good();
        Emulator.Release();

        Assert.Single(waiting.End().Good());
        Assert.Equal(0, Emulator.Counters.Unauthorized);
    }
}
