namespace NanoBanana.Pester.Tests;

/// <summary>A Pester run without test results is a failure.</summary>
public sealed class PesterRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("NanoBanana-pester-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_test_has_its_own_result_and_error()
    {
        IReadOnlyList<PesterTest> tests = Run(
            "Describe 'D' { It 'passes <_>' -ForEach 1 { }; It 'fails' { 1 | Should -Be 2 }; It 'skips' -Skip { } }");
        Assert.Equal(["D.passes 1", "D.fails", "D.skips"], tests.Select(test => test.Name));
        Assert.Equal(["Passed", "Failed", "Skipped"], tests.Select(test => test.Result));
        Assert.Contains("Expected 2, but got 1", tests[1].Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "No Pester test ran")]
    [InlineData("throw 'in the file'", "in the file")]
    [InlineData("Describe 'D' { BeforeAll { throw 'before all' }; It 'x' { } }", "before all")]
    [InlineData("Describe 'D' { AfterAll { throw 'after all' }; It 'x' { } }", "after all")]
    [InlineData("Describe 'D' { It 'x' { [Environment]::Exit(5) } }", "left no results; its exit code is 5")]
    public void Run_without_results_fails(string file, string message) =>
        Assert.Contains(message, Assert.Throws<PesterRunException>(() => Run(file)).Message, StringComparison.Ordinal);

    private IReadOnlyList<PesterTest> Run(string file)
    {
        File.WriteAllText(Path.Combine(_folder, "Sample.Tests.ps1"), file);
        return PesterRun.Of(_folder);
    }
}
