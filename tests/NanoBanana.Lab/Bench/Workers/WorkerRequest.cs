namespace NanoBanana.Lab.Bench.Workers;

/// <summary>A command for a worker process: one line of JSON on its standard input.</summary>
internal sealed record WorkerRequest
{
    /// <summary>The name of the command.</summary>
    public required string Action { get; init; }

    /// <summary>A script, for workers that host an engine.</summary>
    public string Script { get; init; } = "";

    /// <summary>The number of prompts.</summary>
    public int Count { get; init; }

    /// <summary>Part of every prompt.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>A new folder for images.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Concurrent prompts of the bare client. The default is that of New-NanoBananaImage.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>Whether to use HTTP/2.</summary>
    public bool IsHttp2 { get; init; }
}
