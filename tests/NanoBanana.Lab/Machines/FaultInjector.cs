using System.Collections.Concurrent;
using System.Globalization;

namespace NanoBanana.Lab.Machines;

/// <summary>
/// Runs the faults of a plan until the batch has ended. The database and each machine have one fault at a time, but a process can be
/// killed during another fault of its machine.
/// </summary>
internal sealed class FaultInjector(IReadOnlyList<Machine> machines, Database? database, EmulatorServer emulator, Action<string> progress)
{
    /// <summary>Maximum time that a fault waits for requests, because another fault can block all of them.</summary>
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    /// <summary>Number of faults in a batch. Then the batch can finish.</summary>
    private const int FaultsOfBatch = 12;

    private int _databaseHasFault;
    private readonly ConcurrentBag<Task> _running = [];

    /// <summary>The faults that happened.</summary>
    public ConcurrentDictionary<FaultKind, int> Counts { get; } = [];

    /// <summary>Starts faults one after the other until it is stopped, then ends the running ones.</summary>
    public async Task RunAsync(IEnumerable<Fault> plan, CancellationToken stop)
    {
        int goal = Counts.Values.Sum() + FaultsOfBatch;
        try
        {
            foreach (Fault fault in plan.TakeWhile(_ => Counts.Values.Sum() < goal && !_running.Any(task => task.IsFaulted)))
            {
                await WaitForRequestsAsync(fault, stop);
                Machine machine = machines[fault.Machine];
                if (fault.Kind is FaultKind.Restart or FaultKind.FailOver)
                    _running.Add(OnDatabaseAsync(fault));
                else if (fault.Kind == FaultKind.Kill)
                    Kill(fault, machine);
                else if (!machine.HasFault && machine.IsReady)
                    _running.Add(OnMachineAsync(fault, machine, stop));
            }
        }
        catch (OperationCanceledException)
        {
            // All machines have finished.
        }
        await Task.WhenAll(_running);
        _running.Clear();
        foreach (Machine machine in machines)
            machine.SetClock(0);
    }

    private async Task WaitForRequestsAsync(Fault fault, CancellationToken stop)
    {
        Func<EmulatorCounters, long> count = fault.AtPurchase
            ? now => now.CreatesAccepted
            : now => now.CreatesReceived + now.Polls + now.Downloads;
        long goal = count(emulator.Counters) + fault.After;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(RequestLimit);
        try
        {
            await emulator.WaitForAsync(now => count(now) >= goal, limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The fault happens now.
        }
    }

    /// <summary>Kills a process, also during another fault of its machine.</summary>
    private void Kill(Fault fault, Machine machine)
    {
        if (machine.Kill())
            Count(fault, machine.Name);
    }

    private async Task OnMachineAsync(Fault fault, Machine machine, CancellationToken stop)
    {
        machine.HasFault = true;
        try
        {
            switch (fault.Kind)
            {
                case FaultKind.Clock:
                    Count(fault, string.Create(CultureInfo.InvariantCulture, $"{machine.Name} by {fault.Skew} s"));
                    machine.SetClock(fault.Skew);
                    break;
                case FaultKind.Pause when machine.Pause():
                    await HoldFaultAsync(fault, machine, () => { }, machine.Continue, stop);
                    break;
                case FaultKind.ShortPartition or FaultKind.LongPartition:
                    await HoldFaultAsync(fault, machine, machine.Network.DisconnectDatabase, machine.Network.ReconnectDatabase, stop);
                    break;
                case FaultKind.Isolation:
                    await HoldFaultAsync(fault, machine, machine.Network.DisconnectAll, machine.Network.ReconnectAll, stop);
                    break;
            }
        }
        finally
        {
            machine.HasFault = false;
        }
    }

    private async Task HoldFaultAsync(Fault fault, Machine machine, Action begin, Action end, CancellationToken stop)
    {
        begin();
        Count(fault, string.Create(CultureInfo.InvariantCulture, $"{machine.Name} for {fault.Length.TotalSeconds:0.0} s"));
        try
        {
            await Task.Delay(fault.Length, stop);
        }
        catch (OperationCanceledException)
        {
            // The batch has ended.
        }
        end();
        progress($"  {fault.Kind} of {machine.Name} has ended");
    }

    private async Task OnDatabaseAsync(Fault fault)
    {
        if (Interlocked.Exchange(ref _databaseHasFault, 1) != 0)
            return;
        try
        {
            Count(fault, "the database");
            if (fault.Kind == FaultKind.Restart)
            {
                await Task.Run(database!.Restart);
            }
            else
            {
                await Task.Run(database!.FailOver);
                progress("  the standby has taken over");
                await Task.Run(database.Follow);
            }
            progress($"  {fault.Kind} of the database has ended");
        }
        finally
        {
            Volatile.Write(ref _databaseHasFault, 0);
        }
    }

    private void Count(Fault fault, string what)
    {
        Counts.AddOrUpdate(fault.Kind, 1, (_, count) => count + 1);
        progress($"  {fault.Kind} of {what}");
    }
}
