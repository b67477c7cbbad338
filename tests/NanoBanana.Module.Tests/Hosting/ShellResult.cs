namespace NanoBanana.Module.Tests.Hosting;

/// <summary>What a script came to: everything that it wrote, stream by stream.</summary>
internal sealed class ShellResult(IEnumerable<PSObject> output, PSDataStreams streams, IReadOnlyList<string> hostLines, RuntimeException? failure)
{
    public IReadOnlyList<PSObject> Output { get; } = [.. output];

    public IReadOnlyList<ErrorRecord> Errors { get; } = [.. streams.Error];

    public IReadOnlyList<string> Warnings { get; } = [.. streams.Warning.Select(w => w.Message)];

    public IReadOnlyList<string> Verbose { get; } = [.. streams.Verbose.Select(v => v.Message)];

    public IReadOnlyList<string> Debug { get; } = [.. streams.Debug.Select(d => d.Message)];

    public IReadOnlyList<ProgressRecord> Progress { get; } = [.. streams.Progress];

    public IReadOnlyList<string> HostLines { get; } = hostLines;

    /// <summary>What ended the script before its time; null when nothing did.</summary>
    public RuntimeException? Failure { get; } = failure;

    /// <summary>The output of a script that must have met no error.</summary>
    public IReadOnlyList<PSObject> Good()
    {
        Assert.Null(Failure);
        Assert.Empty(Errors);
        return Output;
    }

    /// <summary>The one error, which must be this one.</summary>
    /// <param name="errorId">The whole FullyQualifiedErrorId.</param>
    /// <param name="category">Its category.</param>
    public ErrorRecord OnlyError(string errorId, ErrorCategory category)
    {
        ErrorRecord error = Assert.Single(Errors);
        Assert.Equal((errorId, category), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        return error;
    }

    /// <summary>All that a person could read of it anywhere.</summary>
    public string EveryWord() => string.Join(
        '\n',
        [
            .. Output.SelectMany(item => item.Properties.Select(p => $"{p.Value}").Prepend($"{item}")),
            .. Errors.SelectMany(e => new[] { $"{e}", $"{e.Exception}", $"{e.CategoryInfo}", e.FullyQualifiedErrorId, $"{e.ErrorDetails}", $"{e.TargetObject}" }),
            .. Warnings, .. Verbose, .. Debug, .. HostLines,
            .. Progress.Select(record => $"{record}"),
            $"{Failure}",
        ]);
}
