using System.Collections.Concurrent;
using System.Text;
using NanoBanana.Emulator.Http;

namespace NanoBanana.Emulator.Faults;

/// <summary>Finds the fault of a request: what is queued comes first, then the script, then the dice.</summary>
internal sealed class FaultPlan(EmulatorOptions options)
{
    private readonly ConcurrentQueue<EmulatorFault>[] _queues = [.. Enum.GetValues(typeof(EmulatorOperation)).Cast<object>().Select(static _ => new ConcurrentQueue<EmulatorFault>())];
    private readonly ConcurrentDictionary<ulong, int> _attempts = new();
    private readonly FaultDice _dice = new(options);

    public void Enqueue(EmulatorOperation operation, EmulatorFault fault) => _queues[(int)operation].Enqueue(fault);

    public EmulatorFault? Take(EmulatorOperation operation, HttpRequest request, string taskId)
    {
        if (_queues[(int)operation].TryDequeue(out var queued))
            return queued;
        if (options.FaultRate == 0 && options.FaultScript is null)
            return null;

        ulong identity = Identity(request);
        int attempt = _attempts.AddOrUpdate(identity, 1, static (_, last) => last + 1);
        string body = options.FaultScript is null ? "" : Encoding.UTF8.GetString(request.Body.Array!, request.Body.Offset, request.Body.Count);
        var seen = new EmulatorRequest(operation, request.Path, taskId, body, attempt);
        return options.FaultScript?.Invoke(seen) ?? _dice.Roll(seen, identity);
    }

    /// <summary>FNV-1a over method, path and body: the same whichever dialect it is, and whoever came first.</summary>
    private static ulong Identity(HttpRequest request)
    {
        ulong hash = 14695981039346656037;
        foreach (char letter in request.Method)
            hash = (hash ^ letter) * 1099511628211;
        foreach (char letter in request.Path)
            hash = (hash ^ letter) * 1099511628211;
        for (int i = 0; i < request.Body.Count; i++)
            hash = (hash ^ request.Body.Array![request.Body.Offset + i]) * 1099511628211;
        return hash;
    }
}
