namespace NanoBanana.Module.Tests.BadInput;

public sealed class BadPromptTests : ModuleTest
{
    private const string InvalidRequest = "InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand";

    [Theory]
    [InlineData("New-NanoBananaImage ''", "The prompt is empty")]
    [InlineData("New-NanoBananaImage @()", "The prompt is empty")]
    [InlineData("New-NanoBananaImage $null", "The prompt is empty")]
    [InlineData("[pscustomobject]@{ Prompt = '' } | New-NanoBananaImage", "The prompt is empty")]
    [InlineData("[pscustomobject]@{ Prompt = $null } | New-NanoBananaImage", "The prompt is empty")]
    [InlineData("New-NanoBananaImage ('x' * 2501)", "2501 characters")]
    [InlineData("'x' * 2501 | New-NanoBananaImage", "maximum is 2500")]
    [InlineData("New-NanoBananaImage fox -ImageUrl ('https://example.com/a.png,' * 4).TrimEnd(',').Split(',')", "accepts at most 3")]
    [InlineData("New-NanoBananaImage fox -ImageUrl images/fox.png", "'images/fox.png' is not an image address")]
    [InlineData("[pscustomobject]@{ prompt = 'fox'; image_urls = '/fox.png' } | New-NanoBananaImage", "'/fox.png' is not an image address")]
    [InlineData("New-NanoBananaImage fox -AspectRatio 17:9", "16:9, 21:9")]
    [InlineData("[pscustomobject]@{ prompt = 'fox'; aspect_ratio = '17:9' } | New-NanoBananaImage", "16:9, 21:9")]
    [InlineData("'fox' | New-NanoBananaImage -Resolution 8K", "0.5K, 1K, 2K, 4K")]
    [InlineData("New-NanoBananaImage fox -ResponseModality Video", "Text, Image")]
    [InlineData("New-NanoBananaImage fox -Model ''", "not a model id")]
    [InlineData("New-NanoBananaImage fox -ImagePath nothing.png", "nothing.png")]
    [InlineData("'fox' | New-NanoBananaImage -Prompt 'owl'", "is not the path of an image")]
    [InlineData("42 | New-NanoBananaImage", "no Prompt property")]
    [InlineData("@{ Prompt = 'fox' } | New-NanoBananaImage", "[pscustomobject]")]
    [InlineData("[System.IO.DirectoryInfo]'.' | New-NanoBananaImage", "a folder")]
    public void Invalid_input_is_one_error_with_the_allowed_values_and_sends_nothing(string script, string word)
    {
        ShellResult result = Run(script);

        ErrorRecord error = result.OnlyError(InvalidRequest, ErrorCategory.InvalidArgument);
        Assert.Contains(word, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(error.ErrorDetails.RecommendedAction ?? "");
        Assert.Empty(result.Output);
        AssertNothingSent();
    }

    [Fact]
    public void Row_with_a_misspelled_header_lists_its_properties()
    {
        ErrorRecord error = Run("$row = [pscustomobject]@{ promt = 'fox'; aspect_ratio = '16:9' }; $row | New-NanoBananaImage; $row")
            .OnlyError(InvalidRequest, ErrorCategory.InvalidArgument);

        Assert.Contains("promt, aspect_ratio", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("fox", error.Target().Text("promt"));
        AssertNothingSent();
    }

    [Theory]
    [InlineData("New-NanoBananaImage @{ Prompt = 'fox' }", "a hashtable")]
    [InlineData("New-NanoBananaImage 'fox', 42", "Int32")]
    [InlineData("New-NanoBananaImage ([pscustomobject]@{ Prompt = 'fox' })", "an object")]
    [InlineData("[pscustomobject]@{ Prompt = 42 } | New-NanoBananaImage", "Int32")]
    [InlineData("[pscustomobject]@{ prompt = 'fox'; image_urls = 42 } | New-NanoBananaImage", "Int32")]
    public void Argument_or_property_of_another_type_is_not_a_prompt(string script, string word)
    {
        ErrorRecord error = Run(script).OnlyError(
            "ParameterArgumentTransformationError,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.InvalidData);
        Assert.Contains(word, error.ToString(), StringComparison.Ordinal);
        AssertNothingSent();
    }

    [Fact]
    public void Error_target_is_the_input_which_can_be_corrected_and_piped_again()
    {
        ShellResult result = Run("""
            $rows = [pscustomobject]@{ prompt = 'fox'; aspect_ratio = '17:9' }, [pscustomobject]@{ prompt = 'owl' }
            $rows | New-NanoBananaImage -ErrorVariable bad -ErrorAction SilentlyContinue
            $bad[0].TargetObject.aspect_ratio = '16:9'
            $bad.TargetObject | New-NanoBananaImage
            """);

        Assert.Equal(["fox", "owl"], result.Output.Select(t => t.Text("Prompt")).Order());
        Assert.Equal(["""{"prompt":"owl"}""", """{"prompt":"fox","aspect_ratio":"16:9"}"""], Bodies);
    }

    [Fact]
    public void Invalid_row_does_not_stop_the_other_rows()
    {
        ErrorRecord error = Run("'fox', ('x' * 2501), 'owl' | New-NanoBananaImage").OnlyError(
            InvalidRequest, ErrorCategory.InvalidArgument);

        Assert.Equal(new string('x', 2501), Reading.Bare(error.TargetObject));
        Assert.Equal(["fox", "owl"], Emulator.Tasks.Select(t => t.Prompt).Order());
    }

    [Theory]
    [InlineData("zz:/fox.png")]
    [InlineData("function:/prompt")]
    [InlineData("nothing.png")]
    public void Row_with_a_missing_path_fails_alone(string path)
    {
        ShellResult result = Run($$"""
            [pscustomobject]@{ Prompt = 'fox' },
                [pscustomobject]@{ Prompt = 'owl'; ImagePath = '{{path}}' }, [pscustomobject]@{ Prompt = 'hare' } |
                New-NanoBananaImage
            """);

        ErrorRecord error = result.OnlyError(InvalidRequest, ErrorCategory.InvalidArgument);
        Assert.Contains(path, error.ToString(), StringComparison.Ordinal);
        Assert.Equal("owl", error.Target().Text("Prompt"));
        Assert.Equal(["fox", "hare"], result.Output.Select(t => t.Text("Prompt")).Order());
    }
}
