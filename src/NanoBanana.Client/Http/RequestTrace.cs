namespace NanoBanana.Client.Http;

/// <summary>One request as it went.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">The path at the API's host; the address without its query for downloads.</param>
/// <param name="Outcome">The HTTP status, or why there was none.</param>
/// <param name="Attempt">Counts from 1.</param>
/// <param name="Duration">From sending to the last byte of the answer.</param>
public sealed record RequestTrace(string Method, string Target, string Outcome, int Attempt, TimeSpan Duration)
{
    /// <summary>The JSON that was sent, fit to be shown: no image data, no key, of bounded length. Empty for none.</summary>
    public BodyText Sent { get; init; }

    /// <summary>The body that came back, likewise.</summary>
    public BodyText Received { get; init; }

    /// <summary>The request or the task that it is about; null for one of the connection.</summary>
    public ImageParameters? About { get; init; }

    /// <summary>An answer that came well and was not understood.</summary>
    internal static RequestTrace OfNotUnderstood(string beginning) => new("READ", $"an answer that is not understood: {beginning}", "unknown", 1, TimeSpan.Zero);

    /// <summary>One line: method, path, status, attempt, milliseconds; and the id and the name of the task, where the path does not have them.</summary>
    public override string ToString()
    {
        string line = FormattableString.Invariant($"{Method} {Target} {Outcome}, attempt {Attempt}, {Duration.TotalMilliseconds:0} ms");
        if (About is ImageTask { Id: { Length: > 0 } id } && !Target.Contains(id))
            line += $", task {id}";
        return About?.Name is { } name ? $"{line}, '{TextSafety.Excerpt(name, 60)}'" : line;
    }
}

/// <summary>Receives what the client does. Calls come from any thread and must return at once.</summary>
public interface IClientObserver
{
    /// <summary>Whether requests are traced. Without it no trace is made of a request that was answered or not.</summary>
    bool TracesRequests { get; }

    /// <summary>A request was sent and answered, or not.</summary>
    void OnRequest(RequestTrace trace);

    /// <summary>A step in the life of a request, or of the connection.</summary>
    void OnEvent(ClientEvent what);

    /// <summary>Something a user should know that is not an error.</summary>
    void OnWarning(string message);
}
