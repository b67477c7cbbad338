namespace NanoBanana.Module.Tests.Hosting;

/// <summary>The result of a script: everything that it wrote, stream by stream.</summary>
internal sealed class ShellResult(
    IEnumerable<PSObject> output, PSDataStreams streams, IReadOnlyList<string> hostLines, RuntimeException? failure)
{
    public IReadOnlyList<PSObject> Output { get; } = [.. output];

    public IReadOnlyList<ErrorRecord> Errors { get; } = [.. streams.Error];

    public IReadOnlyList<string> Warnings { get; } = [.. streams.Warning.Select(w => w.Message)];

    public IReadOnlyList<string> Verbose { get; } = [.. streams.Verbose.Select(v => v.Message)];

    public IReadOnlyList<string> Debug { get; } = [.. streams.Debug.Select(d => d.Message)];

    public IReadOnlyList<ProgressRecord> Progress { get; } = [.. streams.Progress];

    public IReadOnlyList<string> HostLines { get; } = hostLines;

    /// <summary>The terminating error of the script, or null.</summary>
    public RuntimeException? Failure { get; } = failure;

    /// <summary>The output of a script. Asserts that the script had no errors.</summary>
    public IReadOnlyList<PSObject> Ok()
    {
        Assert.Null(Failure);
        Assert.Empty(Errors);
        return Output;
    }

    /// <summary>Asserts that there is exactly this error, and returns it.</summary>
    /// <param name="errorId">The whole FullyQualifiedErrorId.</param>
    /// <param name="category">Its category.</param>
    public ErrorRecord OnlyError(string errorId, ErrorCategory category)
    {
        ErrorRecord error = Assert.Single(Errors);
        Assert.Equal((errorId, category), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        return error;
    }

    /// <summary>All text of the result that a user can read.</summary>
    public string AllText() => string.Join(
        '\n',
        [
            .. Output.SelectMany(item => item.Properties.Select(p => $"{p.Value}").Prepend($"{item}")),
            .. Errors.SelectMany(e => new[]
            {
                $"{e}", $"{e.Exception}", $"{e.CategoryInfo}", e.FullyQualifiedErrorId, $"{e.ErrorDetails}", $"{e.TargetObject}",
            }),
            .. Warnings, .. Verbose, .. Debug, .. HostLines,
            .. Progress.Select(record => $"{record}"),
            $"{Failure}",
        ]);
}
