namespace NanoBanana.Client.Images.Inline;

/// <summary>A terminal that answers queries.</summary>
internal interface ITerminal
{
    /// <summary>Whether the input has characters that are not read yet.</summary>
    bool HasInput { get; }

    /// <summary>Writes a query, which is not visible.</summary>
    void Write(string text);

    /// <summary>Reads the next input, without echo.</summary>
    /// <param name="limit">The maximum time to wait.</param>
    /// <returns>At least one character; empty if none arrived in time.</returns>
    string Read(TimeSpan limit);
}
