using NanoBanana.Module.Tests.Journal;

namespace NanoBanana.Module.Tests.Connections;

public sealed class TestConnectionTests : JournalModuleTest
{
    [Fact]
    public void Valid_connection_passes_without_a_submission()
    {
        PSObject test = Assert.Single(Run("Test-NanoBananaConnection -Destination new/folder").Ok());
        Assert.Equal((true, Emulator.Endpoint), (test.Get("Success"), test.Get("Endpoint")));
        Assert.StartsWith("passed", test.Text("Journal"), StringComparison.Ordinal);
        Assert.StartsWith("passed", test.Text("Destination"), StringComparison.Ordinal);
        Assert.Equal((0, 1), (Emulator.Counters.CreatesReceived, Emulator.Counters.ConnectionsAccepted));
        Assert.False(Directory.Exists(Folder["new"]));
    }

    [Fact]
    public void Rejected_key_is_reported_as_failed()
    {
        PSObject test = Assert.Single(
            Run("Connect-NanoBanana -ApiKey not-this-servers-key -Endpoint $emulator.Endpoint; Test-NanoBananaConnection").Ok());
        Assert.Equal((false, "passed"), (test.Get("Success"), test.Text("Service").Split(':')[0]));
        Assert.StartsWith("FAILED", test.Text("ApiKey"), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_key_is_reported_as_failed()
    {
        PSObject test = Assert.Single(Run("Disconnect-NanoBanana; Test-NanoBananaConnection").Ok());
        Assert.False((bool)test.Get("Success")!);
        Assert.Contains("no API key", test.Text("ApiKey"), StringComparison.Ordinal);
        AssertNothingSent();
    }

    [Fact]
    public void Unusable_journal_and_destination_that_is_a_file_are_reported_as_failed()
    {
        File.WriteAllText(JournalPath, "no journal, and long enough to look like something: " + new string('x', 4096));
        File.WriteAllText(Folder["file"], "");
        PSObject test = Assert.Single(Run("Test-NanoBananaConnection -Destination file/images").Ok());
        Assert.Equal(
            (false, "FAILED", "FAILED"),
            (test.Get("Success"), test.Text("Journal").Split(':')[0], test.Text("Destination").Split(':')[0]));
    }

    [Fact]
    public void Disabled_journal_is_reported_as_failed()
    {
        SetJournal("off");
        Assert.StartsWith("FAILED", Assert.Single(Run("Test-NanoBananaConnection").Ok()).Text("Journal"), StringComparison.Ordinal);
    }

    [Fact]
    public void Output_does_not_contain_the_key() =>
        Assert.All(
            Run("(Test-NanoBananaConnection | Format-List | Out-String), (Test-NanoBananaConnection | ConvertTo-Json -Depth 5)").Ok(),
            text => Assert.DoesNotContain(ApiKey, text.ToString(), StringComparison.Ordinal));
}
