namespace NanoBanana.Pester.Tests;

/// <summary>The result of one Pester test.</summary>
/// <param name="Name">The names of its blocks and its own name.</param>
/// <param name="Result">The result in Pester's terms: Passed, Failed, Skipped, Inconclusive or NotRun.</param>
/// <param name="Error">The error message, or empty if the test did not fail.</param>
public sealed record PesterTest(string Name, string Result, string Error)
{
    /// <summary>Asserts that the test passed. A skipped test is a failure too, because it proves nothing.</summary>
    public void AssertPassed() => Assert.True(Result == "Passed", $"{Result}: {Error}");

    /// <summary>The name that xunit shows for the row.</summary>
    public override string ToString() => Name;
}
