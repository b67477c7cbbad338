namespace NanoBanana.Pester.Tests;

/// <summary>The result of one Pester test.</summary>
/// <param name="Name">The names of its blocks and its own.</param>
/// <param name="Result">Pester's word for the result: Passed, Failed, Skipped, Inconclusive or NotRun.</param>
/// <param name="Error">Why it failed; empty when it did not.</param>
public sealed record PesterTest(string Name, string Result, string Error)
{
    /// <summary>A skipped test is a failure too: it proves nothing.</summary>
    public void AssertPassed() => Assert.True(Result == "Passed", $"{Result}: {Error}");

    /// <summary>What xunit shows as the name of the row.</summary>
    public override string ToString() => Name;
}
