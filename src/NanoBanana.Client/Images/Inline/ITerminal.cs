namespace NanoBanana.Client.Images.Inline;

/// <summary>A terminal that can be asked.</summary>
internal interface ITerminal
{
    /// <summary>Whether something was typed that nobody has read yet.</summary>
    bool HasInput { get; }

    /// <summary>Writes a question, which is not visible.</summary>
    void Write(string text);

    /// <summary>Reads what comes next, without echo.</summary>
    /// <param name="limit">How long to wait for it.</param>
    /// <returns>At least one character; empty when none came in time.</returns>
    string Read(TimeSpan limit);
}
