namespace NanoBanana.Module.Tests.Journal;

/// <summary>Every command matches names of batches and tasks with PowerShell's wildcard rules.</summary>
public sealed class WildcardTests : JournalModuleTest
{
    private static readonly string[] Names = ["run1", "run2", "run[1]", "100%", "100_", "100x", @"a\b", "it's", "ÖFEN", "TITLE"];

    [Theory]
    [InlineData("run*", "run1 run2 run[1]")]
    [InlineData("RUN?", "run1 run2")]
    [InlineData("run[1-3]", "run1 run2")]
    [InlineData("run[1]", "run1")]
    [InlineData("run`[1`]", "run[1]")]
    [InlineData("*`]", "run[1]")]
    [InlineData("run", "")]
    [InlineData("100%", "100%")]
    [InlineData("100_", "100_")]
    [InlineData(@"a\b", @"a\b")]
    [InlineData("it's", "it's")]
    [InlineData("öfen", "ÖFEN")]
    [InlineData("title", "TITLE")]
    public void Wildcards_match_the_same_names_in_every_command(string pattern, string expected)
    {
        Shell["names"] = Names;
        Shell["pattern"] = pattern;
        Run("foreach ($name in $names) { New-NanoBananaImage fox -Batch $name -Name $name | Out-Null }").Ok();
        // In Turkish, the lower case of I is not i.
        const string inTurkish = "[cultureinfo]::CurrentCulture = 'tr-TR'; ";

        string[] commands =
        [
            "Get-NanoBananaTask -Batch $pattern", "Get-NanoBananaTask -Name $pattern",
            "Get-NanoBananaBatch $pattern -ErrorAction SilentlyContinue",
        ];
        foreach (string command in commands)
        {
            string[] found = [.. Run(inTurkish + command).Output.Select(item => item.Text("Batch")).Order(StringComparer.Ordinal)];
            Assert.Equal(expected, string.Join(' ', found));
        }
    }

    [Fact]
    public void Piped_batch_is_found_by_its_exact_name()
    {
        Run("foreach ($name in 'run1', 'run[1]', 'a[b') { New-NanoBananaImage fox -Batch $name | Out-Null }").Ok();

        string[] names = [.. Run("Get-NanoBananaBatch | Get-NanoBananaBatch").Ok().Select(batch => batch.Text("Batch"))];
        Run("Get-NanoBananaBatch | Where-Object Batch -ne run1 | Stop-NanoBananaBatch").Ok();

        Assert.Equal(["a[b", "run1", "run[1]"], names.Order(StringComparer.Ordinal));
        Assert.Equal("a[b run[1]", Value("SELECT group_concat(batch, ' ') FROM (SELECT batch FROM stop ORDER BY batch)"));
    }

    [Fact]
    public void Stop_with_an_exact_name_stops_only_this_batch()
    {
        Run("foreach ($name in 'run1', 'run[1]') { New-NanoBananaImage fox -Batch $name | Out-Null }").Ok();

        Run("Stop-NanoBananaBatch 'run[1]'").Ok();

        Assert.Equal("run[1]", Value("SELECT group_concat(batch, ' ') FROM stop"));
    }

    [Fact]
    public void Remove_does_not_accept_wildcards()
    {
        Run("'fox', 'owl' | New-NanoBananaImage -Batch b").Ok();
        Run("Remove-NanoBananaTask -Id * -Force")
            .OnlyError("TaskNotFound,NanoBanana.Commands.RemoveNanoBananaTaskCommand", ErrorCategory.ObjectNotFound);
        Assert.Equal(2, Run("Get-NanoBananaTask").Ok().Count);
    }

    [Fact]
    public void Offered_name_matches_only_itself()
    {
        const string Complete =
            "[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches";
        Run("foreach ($name in 'run1', 'run[1]') { New-NanoBananaImage $name -Batch $name | Out-Null }").Ok();
        foreach (string command in (string[])["Get-NanoBananaTask -Batch ", "Get-NanoBananaBatch "])
        {
            Shell["line"] = command;
            string[] offered = [.. Run(Complete).Ok().Select(match => match.Text("CompletionText"))];
            Assert.Equal(["run[1]", "run1"], offered.Select(word => Assert.Single(Run(command + word).Ok()).Text("Batch")));
        }
        // Values of parameters without wildcard support are not escaped.
        Shell["line"] = "New-NanoBananaImage x -Batch run[";
        Assert.Equal("run[1]", Assert.Single(Run(Complete + ".CompletionText").Ok()).BaseObject);
    }
}
