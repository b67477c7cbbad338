namespace NanoBanana.Pester.Tests;

/// <summary>Each test of the Pester suite is a row here.</summary>
public class PesterTests
{
    /// <summary>The suite runs once, when xunit requests the first row.</summary>
    public static TheoryData<PesterTest> Suite() => new(PesterRun.OfSuite());

    [Theory]
    [MemberData(nameof(Suite), DisableDiscoveryEnumeration = true)]
    public void Pester_test_passes(PesterTest test) => test.AssertPassed();
}
