namespace NanoBanana.Module.Tests.Streams;

/// <summary>An exception that is a defect of the module is not reported as an error of the service.</summary>
public sealed class UnexpectedErrorTests : ModuleTest
{
    private const string Catalog =
        "$catalog = [NanoBanana.Commands.NewNanoBananaImageCommand].Assembly.GetType('NanoBanana.Errors.ErrorCatalog');\n";

    [Fact]
    public void An_unexpected_exception_is_an_UnexpectedError_to_report()
    {
        ErrorRecord error = Record(
            "$catalog.GetMethod('Unexpected').Invoke($null, @([System.InvalidOperationException]::new('boom'), 'a fox'))");

        Assert.IsType<InvalidOperationException>(error.Exception);
        Assert.Equal("a fox", $"{error.TargetObject}");
        AssertIsUnexpected(error);
    }

    [Fact]
    public void Inputs_that_are_skipped_after_an_unexpected_exception_are_an_UnexpectedError_too()
    {
        ErrorRecord error = Record("""
            $wrapped = $catalog.GetMethod('AsKnown').Invoke($null, @([System.InvalidOperationException]::new('boom')))
            $last = [NanoBanana.NanoBananaException]::new($wrapped.Kind, "2 inputs were not submitted. $($wrapped.Message)", $wrapped)
            $catalog.GetMethods().Where{ $_.Name -eq 'ToErrorRecord' -and $_.GetParameters().Count -eq 2 }.Invoke($null, @($last, 'a fox'))
            """);

        AssertIsUnexpected(error);
    }

    [Fact]
    public void An_expected_error_keeps_its_kind()
    {
        ErrorRecord error = Record("""
            $known = [NanoBanana.NanoBananaException]::new('InvalidResponse', 'the answer is too large')
            $same = $catalog.GetMethod('AsKnown').Invoke($null, @($known))
            $catalog.GetMethods().Where{ $_.Name -eq 'ToErrorRecord' -and $_.GetParameters().Count -eq 2 }.Invoke($null, @($same, 'a fox'))
            """);

        Assert.Equal("InvalidResponse", error.FullyQualifiedErrorId);
        Assert.Contains("endpoint", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    private ErrorRecord Record(string script) =>
        Assert.IsType<ErrorRecord>(Assert.Single(Run(Catalog + script).Ok()).BaseObject);

    private static void AssertIsUnexpected(ErrorRecord error)
    {
        Assert.Equal("UnexpectedError", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.NotSpecified, error.CategoryInfo.Category);
        Assert.Contains("unexpected error of the module: boom", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Report", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("endpoint", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }
}
