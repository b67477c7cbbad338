namespace NanoBanana.Module.Tests.Images;

public sealed class OverlapTests : ModuleTest
{
    /// <summary>The producer ends only after the first file is emitted. If the stages don't overlap, this never happens.</summary>
    [Fact]
    public void The_first_file_is_emitted_before_the_last_prompt_is_submitted()
    {
        ShellResult result = Run("""
            $emitted = 0
            $submitted = 0
            & {
                while (-not $emitted -and $submitted -lt 20000) {
                    $signals.Accepted($submitted)
                    $script:submitted++
                    "fox $submitted"
                }
            } | New-NanoBananaImage -Resolution 0.5K | Wait-NanoBananaTask | Save-NanoBananaImage | ForEach-Object {
                if (-not $emitted) { $script:before = $submitted }
                $script:emitted++
            }
            $submitted, $before, $emitted
            """);

        int[] counts = [.. result.Ok().Select(count => (int)count.BaseObject)];
        (int submitted, int before, int emitted) = (counts[0], counts[1], counts[2]);
        Assert.InRange(submitted, 2, 19_999);
        Assert.Equal(submitted, before);
        Assert.Equal(submitted, emitted);
        Assert.Equal(submitted, Emulator.Counters.CreatesAccepted);
        Assert.Equal(submitted, Folder.Files.Count);
    }
}
