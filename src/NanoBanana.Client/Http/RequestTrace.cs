using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>A trace of one request.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">The path at the host of the API; for a download, the address without its query.</param>
/// <param name="Outcome">The HTTP status, or the reason why no reply arrived.</param>
/// <param name="Attempt">The number of the attempt, from 1.</param>
/// <param name="Duration">The time from sending to the last byte of the answer.</param>
public sealed record RequestTrace(string Method, string Target, string Outcome, int Attempt, TimeSpan Duration)
{
    /// <summary>The JSON that was sent, without image data and key, of limited length. Empty for no JSON.</summary>
    public BodyText Sent { get; init; }

    /// <summary>The body of the answer, in the same form.</summary>
    public BodyText Received { get; init; }

    /// <summary>The request or the task; null for a request of the connection.</summary>
    public ImageParameters? About { get; init; }

    /// <summary>A trace of an answer in an unknown format.</summary>
    internal static RequestTrace OfNotUnderstood(string beginning) =>
        new("READ", Messages.AnswerUnknown(beginning), "unknown", 1, TimeSpan.Zero);

    /// <summary>
    /// One line: method, path, status, attempt and milliseconds. The id and the name of the task are added if the path does not contain
    /// them.
    /// </summary>
    public override string ToString()
    {
        string line = FormattableString.Invariant($"{Method} {Target} {Outcome}, attempt {Attempt}, {Duration.TotalMilliseconds:0} ms");
        if (About is ImageTask { Id: { Length: > 0 } id } && !Target.Contains(id))
            line += $", task {id}";
        return About?.Name is { } name ? $"{line}, '{TextSafety.Excerpt(name, 60)}'" : line;
    }
}

/// <summary>Receives traces, events and warnings of the client. Calls come from any thread and must return immediately.</summary>
public interface IClientObserver
{
    /// <summary>Whether the observer reads traces. If not, no trace of a request is created.</summary>
    bool TracesRequests { get; }

    /// <summary>A request has ended, with or without an answer.</summary>
    void OnRequest(RequestTrace trace);

    /// <summary>An event of a request or of the connection.</summary>
    void OnEvent(ClientEvent what);

    /// <summary>A warning for the user.</summary>
    void OnWarning(string message);
}
