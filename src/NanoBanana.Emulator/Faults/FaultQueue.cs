using System.Collections.Concurrent;

namespace NanoBanana.Emulator.Faults;

/// <summary>Scripted faults, first in first out, for each kind of request on its own.</summary>
internal sealed class FaultQueue
{
    private readonly ConcurrentQueue<EmulatorFault>[] _queues = [new(), new(), new(), new(), new()];

    public void Add(EmulatorOperation operation, EmulatorFault fault) => _queues[(int)operation].Enqueue(fault);

    public EmulatorFault? Take(EmulatorOperation operation) =>
        _queues[(int)operation].TryDequeue(out var fault) ? fault : null;
}
