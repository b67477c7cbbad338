namespace NanoBanana.Client.Tests.Fakes;

/// <summary>
/// A network that answers from a script and records every request. After the script, <see cref="Otherwise"/> answers.
/// Without it, the request is recorded and gets status 418, which is never retried.
/// </summary>
internal sealed class FakeNetwork(FakeClock clock) : HttpMessageHandler
{
    private readonly object _lock = new();
    private readonly Queue<Answer> _script = new();
    private readonly List<RecordedRequest> _requests = [];

    public Func<RecordedRequest, Answer>? Otherwise { get; set; }

    /// <summary>Whether no connection can be made at a given time. Takes precedence over the script.</summary>
    public Func<TimeSpan, bool>? IsDown { get; set; }

    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>The bodies that were sent.</summary>
    public IEnumerable<string> Bodies => Requests.Where(r => r.Body is not null).Select(r => r.Text!);

    public void Script(params Answer[] answers)
    {
        lock (_lock)
        {
            foreach (Answer answer in answers)
                _script.Enqueue(answer);
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Answer? answer;
        lock (_lock)
            answer = IsDown?.Invoke(clock.Elapsed) == true ? Answer.NeverConnected : _script.TryDequeue(out Answer? next) ? next : null;
        byte[]? body = request.Content is null || answer?.TakesBody == false
            ? null
            : await request.Content.ReadAsByteArrayAsync(CancellationToken.None).ConfigureAwait(false);
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers = request.Content is null
            ? request.Headers
            : request.Headers.Concat(request.Content.Headers);
        var seen = new RecordedRequest(
            request.Method.Method, request.RequestUri!.AbsoluteUri,
            headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase), body, clock.Elapsed);
        lock (_lock)
            _requests.Add(seen);
        answer ??= Otherwise?.Invoke(seen) ?? Answer.Status(418, "no more scripted answers");
        return await answer.Make(cancellationToken).ConfigureAwait(false);
    }
}
