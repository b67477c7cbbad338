using System.Collections.Concurrent;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>Records the events, traces and warnings of the client.</summary>
internal sealed class RecordingObserver : IClientObserver
{
    public ConcurrentQueue<RequestTrace> Traces { get; } = new();

    public ConcurrentQueue<string> Warnings { get; } = new();

    public bool TracesRequests => true;

    public void OnRequest(RequestTrace trace) => Traces.Enqueue(trace);

    public ConcurrentQueue<ClientEvent> Events { get; } = new();

    public void OnEvent(ClientEvent what) => Events.Enqueue(what);

    public void OnWarning(string message) => Warnings.Enqueue(message);
}
