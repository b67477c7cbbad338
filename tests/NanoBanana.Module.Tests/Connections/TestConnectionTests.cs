using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Connections;

public sealed class TestConnectionTests : JournalModuleTest
{
    [Fact]
    public void A_good_connection_passes_and_buys_nothing()
    {
        PSObject test = Assert.Single(Run("Test-NanoBananaConnection -Destination new/folder").Good());
        Assert.Equal((true, Emulator.Endpoint), (test.Get("Success"), test.Get("Endpoint")));
        Assert.StartsWith("passed", test.Text("Journal"), StringComparison.Ordinal);
        Assert.StartsWith("passed", test.Text("Destination"), StringComparison.Ordinal);
        Assert.Equal((0, 1), (Emulator.Counters.CreatesReceived, Emulator.Counters.ConnectionsAccepted));
        Assert.False(Directory.Exists(Folder["new"]));
    }

    [Fact]
    public void A_key_that_is_refused_is_a_finding()
    {
        PSObject test = Assert.Single(Run("Connect-NanoBanana -ApiKey not-this-servers-key -Endpoint $emulator.Endpoint; Test-NanoBananaConnection").Good());
        Assert.Equal((false, "passed"), (test.Get("Success"), test.Text("Service").Split(':')[0]));
        Assert.StartsWith("FAILED", test.Text("ApiKey"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_key_is_a_finding()
    {
        PSObject test = Assert.Single(Run("Disconnect-NanoBanana; Test-NanoBananaConnection").Good());
        Assert.False((bool)test.Get("Success")!);
        Assert.Contains("no API key", test.Text("ApiKey"), StringComparison.Ordinal);
        NothingWasSent();
    }

    [Fact]
    public void A_journal_that_can_not_be_used_and_a_destination_that_is_a_file_are_findings()
    {
        File.WriteAllText(JournalPath, "no journal, and long enough to look like something: " + new string('x', 4096));
        File.WriteAllText(Folder["file"], "");
        PSObject test = Assert.Single(Run("Test-NanoBananaConnection -Destination file/images").Good());
        Assert.Equal((false, "FAILED", "FAILED"), (test.Get("Success"), test.Text("Journal").Split(':')[0], test.Text("Destination").Split(':')[0]));
    }

    [Fact]
    public void A_journal_that_is_off_is_a_finding()
    {
        Name("off");
        Assert.StartsWith("FAILED", Assert.Single(Run("Test-NanoBananaConnection").Good()).Text("Journal"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_holds_the_key() =>
        Assert.All(Run("(Test-NanoBananaConnection | Format-List | Out-String), (Test-NanoBananaConnection | ConvertTo-Json -Depth 5)").Good(), text => Assert.DoesNotContain(ApiKey, text.ToString(), StringComparison.Ordinal));
}
