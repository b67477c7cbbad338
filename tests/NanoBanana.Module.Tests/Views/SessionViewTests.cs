namespace NanoBanana.Module.Tests.Views;

[Collection(ProcessWide.Name)]
public sealed class SessionViewTests : IDisposable
{
    private readonly ViewShell _shell = new();

    [Fact]
    public void Connection_is_shown_on_one_line_without_its_key() => Assert.Matches(
        """
        ^Endpoint +Protocol +Key +Key from +Proxy
        -------- +-------- +--- +-------- +-----
        https://host/api/ +Generation …6789 +Parameter +http://proxy:8080/$
        """,
        Show("Connect-NanoBanana -ApiKey 'sk-secret-123456789' -Endpoint https://host/api -Proxy http://proxy:8080 -PassThru"));

    [Fact]
    public void Emulator_is_shown_on_one_line_with_its_counters()
    {
        _shell.Run("""
            $emulator = Start-NanoBananaEmulator -TimeScale 0; $emulator | Connect-NanoBanana
            $null = 'a fox', 'an owl' | New-NanoBananaImage -Wait
            """);

        Assert.Matches(
            """
            ^Endpoint +Bought Refused +Polls Downloads
            -------- +------ ------- +----- ---------
            http://127\.0\.0\.1:\d+/emulator-[0-9a-f]+/ +2 +0 +\d+ +0$
            """,
            Show("$emulator"));
        Assert.Matches(@"\nBought +: 2\n", _shell.ShowList("$emulator"));
    }

    [Fact]
    public void Key_of_an_emulator_is_generated_and_not_shown()
    {
        string shown = Show("""
            $emulator = Start-NanoBananaEmulator -TimeScale 0; $emulator; $emulator | Format-List *
            $emulator | ConvertTo-Json -Depth 3; "$emulator"; $emulator | Connect-NanoBanana -PassThru
            """);
        string key = Assert.IsType<string>(_shell.Run("$emulator.GetApiKey()").Single().BaseObject);

        Assert.DoesNotContain(key, shown, StringComparison.Ordinal);
        Assert.Contains("…" + key[^4..], shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_is_shown_on_one_line_with_its_counts()
    {
        const string batch = """
            [NanoBanana.ImageBatch]@{
                Batch = 'nightly'; Total = 12; Submitting = 1; Pending = 2; Running = 3; Completed = 4; Failed = 1; Canceled = 0
                Unknown = 1; Unsaved = 2; TotalTokens = 4480; Elapsed = '00:02:05'; Endpoint = 'https://odirouter.ai/'
                StartedAt = [DateTimeOffset]'2025-03-04T12:00:00Z'
            }
            """;

        using (var wide = new ViewShell(120))
        {
            Assert.Equal(
                """
                Batch                    Total Running Completed Failed Unknown Unsaved Elapsed Started     Tokens Endpoint
                -----                    ----- ------- --------- ------ ------- ------- ------- -------     ------ --------
                nightly                     12       6         4      1       1       2  2m 05s 2025-03       4480 https://odirouter.a…
                """,
                wide.Show(batch));
        }
        using (var narrow = new ViewShell(80))
        {
            Assert.Equal(
                """
                Batch                    Total Running Completed Failed Unknown Unsaved Elapsed
                -----                    ----- ------- --------- ------ ------- ------- -------
                nightly                     12       6         4      1       1       2  2m 05s
                nightly-for…gilant-foxes    12       6         4      1       1       2  2m 05s
                """,
                narrow.Show(batch + "; " + batch.Replace("'nightly'", "'nightly-for-the-catalog-of-vigilant-foxes'")));
        }
        string list = _shell.ShowList(batch);
        Assert.Matches(@"\nCanceled +: 0\n", list);
        Assert.DoesNotContain("FirstError", list, StringComparison.Ordinal);
    }

    public void Dispose() => _shell.Dispose();

    private string Show(string script) => _shell.Show(script);
}
