namespace NanoBanana.Module.Tests.Journal;

/// <summary>The location of the journal: a path with PowerShell's rules, or the default of the connection.</summary>
public sealed class LocationTests : JournalModuleTest
{
    private const string New = "NanoBanana.Commands.NewNanoBananaImageCommand";

    public LocationTests() => Directory.CreateDirectory(Folder["below"]);

    /// <summary>The journal name, a script that runs first, and the expected file relative to the folder of the session.</summary>
    public static TheoryData<string, string, string> Names => new()
    {
        { "j.db", "", "j.db" },
        { "./below/j.db", "", "below/j.db" },
        { "j.db", "Set-Location below", "below/j.db" },
        { "~/j.db", "(Get-PSProvider FileSystem).Home = \"$PWD/below\"", "below/j.db" },
        { "TestDrive:/j.db", "$null = New-PSDrive TestDrive FileSystem \"$PWD/below\" -Scope Global", "below/j.db" },
        { @"TestDrive:\j.db", "$null = New-PSDrive TestDrive FileSystem \"$PWD/below\" -Scope Global", "below/j.db" },
        { "FileSystem::{0}/j.db", "", "j.db" },
        { "Microsoft.PowerShell.Core\\FileSystem::{0}/j.db", "", "j.db" },
        { "{0}/j.db", "Set-Location below", "j.db" },
        { "{0}/j.db", "Set-Location Env:", "j.db" },
        { "j.db", "Set-Location below; Set-Location Variable:", "below/j.db" },
        { "a [new] one.db", "", "a [new] one.db" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Journal_path_is_resolved_with_the_rules_of_PowerShell(string name, string first, string file)
    {
        SetJournal(name.Replace("{0}", Folder.Path));
        Run($"{first}; 'fox' | New-NanoBananaImage -Batch b; $null = Get-NanoBananaBatch b; Get-NanoBananaTask -Name none").Ok();
        Assert.True(File.Exists(Folder[file]), string.Join(", ", Folder.Files));
        Assert.Equal("b", Assert.Single(Run("Get-NanoBananaBatch").Ok()).Text("Batch"));
        Assert.Contains(Shell.Complete("Get-NanoBananaBatch -Batch "), match => match.CompletionText == "b");
        Assert.Single(Run("'fox' | New-NanoBananaImage -Batch b").Ok());
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
        Assert.False(File.Exists(Path.Combine(Environment.CurrentDirectory, "j.db")));
    }

    [Theory]
    [InlineData("Nowhere:/j.db")]
    [InlineData("Nowhere::/j.db")]
    [InlineData("Env:/J")]
    [InlineData("~/j.db")]
    public void Invalid_journal_path_is_one_warning_and_a_batch_is_refused(string name)
    {
        SetJournal(name);
        Run("(Get-PSProvider FileSystem).Home = ''").Ok();
        ShellResult result = Run("'fox', 'owl' | New-NanoBananaImage | Wait-NanoBananaTask");
        Assert.Contains(name, Assert.Single(result.Warnings), StringComparison.Ordinal);
        ErrorRecord error = Run("'fox' | New-NanoBananaImage -Batch b").OnlyError(
            $"JournalRequired,{New}", ErrorCategory.ResourceUnavailable);
        Assert.Contains(name, error.Exception.Message, StringComparison.Ordinal);
        Assert.Contains("NANOBANANA_JOURNAL", error.Exception.Message, StringComparison.Ordinal);
        Run("Get-NanoBananaTask").OnlyError(
            "JournalRequired,NanoBanana.Commands.GetNanoBananaTaskCommand", ErrorCategory.ResourceUnavailable);
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Command_keeps_the_journal_that_it_started_with()
    {
        SetJournal("j.db");
        Run("""
            1..2 | ForEach-Object { "fox $_"; if ($_ -eq 1) { Set-Location below } } | New-NanoBananaImage -Batch b -ThrottleLimit 1
            """).Ok();
        Assert.False(File.Exists(Folder["below/j.db"]));
        Run("Set-Location ..").Ok();
        Assert.Equal("2", Assert.Single(Run("Get-NanoBananaBatch").Ok()).Text("Total"));
    }

    [Fact]
    public void Tasks_of_an_emulator_have_their_own_journal()
    {
        SetJournal(null);
        IReadOnlyList<string> ids = Ids("'fox', 'owl' | New-NanoBananaImage -Batch b");
        Assert.Equal(ids.Order(StringComparer.Ordinal), Ids("'fox', 'owl' | New-NanoBananaImage -Batch b").Order(StringComparer.Ordinal));
        Assert.Equal(2, Emulator.Tasks.Count);
        Assert.Equal(2, Run("Get-NanoBananaTask -Unsaved | Save-NanoBananaImage -Destination out").Ok().Count);
        PSObject batch = Assert.Single(Run("Get-NanoBananaBatch").Ok());
        Assert.Equal(("b", "2", "0"), (batch.Text("Batch"), batch.Text("Total"), batch.Text("Unsaved")));
        Assert.Single(Run("Export-NanoBananaGallery b.html -Batch b").Ok());
        if (OperatingSystem.IsLinux())
        {
            Assert.True(File.Exists(Path.Combine(ShellSession.DataHome, "NanoBanana", "emulator.db")));
            Assert.False(File.Exists(Path.Combine(ShellSession.DataHome, "NanoBanana", "journal.db")));
        }
    }

    [Fact]
    public void Get_lists_the_journal_of_the_connection()
    {
        SetJournal(null);
        string id = Assert.Single(Ids("'fox' | New-NanoBananaImage -Batch b"));
        Assert.Equal([id], Ids("Get-NanoBananaTask"));

        // Another emulator is another service, even with the same journal file.
        Run("$c = Get-NanoBananaConnection; $other = Start-NanoBananaEmulator -TimeScale 0; $other | Connect-NanoBanana").Ok();
        Assert.Empty(Run("Get-NanoBananaTask; Get-NanoBananaBatch").Ok());
        Run("Get-NanoBananaBatch b").OnlyError("TaskNotFound,NanoBanana.Commands.GetNanoBananaBatchCommand", ErrorCategory.ObjectNotFound);
        Assert.All(
            Run("Export-NanoBananaGallery b.html -Batch b").Errors,
            error => Assert.StartsWith("TaskNotFound", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Run("Remove-NanoBananaTask -Batch b -Force").Ok();
        Assert.DoesNotContain(Shell.Complete("Get-NanoBananaBatch -Batch b"), match => match.CompletionText == "b");
        Assert.Equal([id], Ids("Get-NanoBananaTask -Connection $c"));

        // Without a connection, and at a service, Get lists the user's journal.
        Run("Disconnect-NanoBanana").Ok();
        Assert.DoesNotContain(id, Ids("Get-NanoBananaTask"));
        Run("Connect-NanoBanana -ApiKey some-key-of-the-service -Endpoint https://api.example").Ok();
        Assert.DoesNotContain(id, Ids("Get-NanoBananaTask"));

        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey").Ok();
        Assert.Equal([id], Ids("Get-NanoBananaTask"));
        Run("Remove-NanoBananaTask -Batch b -Force; Stop-NanoBananaEmulator $other").Ok();
        Assert.Empty(Run("Get-NanoBananaTask").Ok());
    }

    [Fact]
    public void Batch_at_a_new_emulator_is_made_again_with_a_warning()
    {
        Run("'fox' | New-NanoBananaImage -Batch again-and-again").Ok();
        Run("$other = Start-NanoBananaEmulator -TimeScale 0; $other | Connect-NanoBanana").Ok();
        ShellResult again = Run("'fox', 'owl' | New-NanoBananaImage -Batch again-and-again | Save-NanoBananaImage -Destination out");
        Assert.Equal(2, again.Ok().Count);
        Assert.Contains("submitted again", Assert.Single(again.Warnings), StringComparison.Ordinal);
        Assert.Empty(Run("'fox', 'owl' | New-NanoBananaImage -Batch again-and-again").Warnings);
        Run("Stop-NanoBananaEmulator $other").Ok();
    }
}
