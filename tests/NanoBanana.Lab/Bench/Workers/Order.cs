namespace NanoBanana.Lab.Bench.Workers;

/// <summary>What a worker process is to do: one line of JSON on its standard input.</summary>
internal sealed record Order
{
    /// <summary>A word that the worker knows.</summary>
    public required string Do { get; init; }

    /// <summary>A script, for workers that host an engine.</summary>
    public string Script { get; init; } = "";

    /// <summary>How many prompts.</summary>
    public int Count { get; init; }

    /// <summary>Part of every prompt.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>A new folder for images.</summary>
    public string Folder { get; init; } = "";

    /// <summary>How many prompts at once, for the bare client; as many as New-NanoBananaImage submits.</summary>
    public int AtOnce { get; init; } = 16;

    /// <summary>Whether to speak HTTP/2.</summary>
    public bool IsHttp2 { get; init; }
}
