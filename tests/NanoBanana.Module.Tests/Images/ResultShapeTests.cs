namespace NanoBanana.Module.Tests.Images;

/// <summary>Every result shape of the emulator, from the prompt to the file, in both dialects.</summary>
public sealed class ResultShapeTests : ModuleTest
{
    private static readonly EmulatorResultShape[] Failures =
        [EmulatorResultShape.Error200, EmulatorResultShape.FailReason, EmulatorResultShape.FailedHttp];

    [Theory]
    [InlineData("Generation")]
    [InlineData("Queue")]
    public void Image_of_every_shape_is_saved(string protocol)
    {
        string shapes = string.Join(',', Enum.GetValues<EmulatorResultShape>().Except(Failures).Select(shape => $"'{shape}'"));

        ShellResult result = Run($$"""
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol {{protocol}}
            {{shapes}} | ForEach-Object { "fox [shape:$_]" } | New-NanoBananaImage | Save-NanoBananaImage -Destination {{protocol}}
            """);

        Assert.Equal(Enum.GetValues<EmulatorResultShape>().Length - Failures.Length, result.Ok().Count);
        Assert.Single(Directory.GetFiles(Path.Combine(Folder.Path, protocol), "*.webp"));
    }

    [Theory]
    [InlineData("Generation", "FailReason", "110001")]
    [InlineData("Generation", "FailedHttp", "110001")]
    [InlineData("Generation", "Error200", "CONTENT_BLOCKED")]
    [InlineData("Queue", "FailReason", "110001")]
    [InlineData("Queue", "FailedHttp", "110001")]
    [InlineData("Queue", "Error200", "CONTENT_BLOCKED")]
    public void Failure_of_every_shape_has_its_code_and_advice(string protocol, string shape, string code)
    {
        ShellResult result = Run($$"""
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol {{protocol}}
            New-NanoBananaImage 'fox [shape:{{shape}}]' -Wait
            """);

        ErrorRecord error = result.OnlyError("TaskFailed,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.OperationStopped);
        Assert.Equal(code, error.Target().Part("Error").Text("Code"));
        Assert.Contains("image", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }
}
