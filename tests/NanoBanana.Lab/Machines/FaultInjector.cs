using System.Collections.Concurrent;
using System.Globalization;

namespace NanoBanana.Lab.Machines;

/// <summary>
/// Carries out a plan, until the batch has ended. The database has one fault at a time, and so has a machine, whose process may be
/// killed meanwhile.
/// </summary>
internal sealed class FaultInjector(IReadOnlyList<Machine> machines, Database? database, EmulatorServer emulator, Action<string> progress)
{
    /// <summary>A fault does not wait longer than this for requests: those that come are all held up by another one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>After so many, a batch may come to its end.</summary>
    private const int FaultsOfBatch = 12;

    private int _databaseIsDisturbed;
    private readonly ConcurrentBag<Task> _lasting = [];

    /// <summary>The faults that happened.</summary>
    public ConcurrentDictionary<FaultKind, int> Counts { get; } = [];

    /// <summary>Begins faults one after the other until it is stopped, then ends those that last.</summary>
    public async Task RunAsync(IEnumerable<Fault> plan, CancellationToken stop)
    {
        int goal = Counts.Values.Sum() + FaultsOfBatch;
        try
        {
            foreach (Fault fault in plan.TakeWhile(_ => Counts.Values.Sum() < goal && !_lasting.Any(task => task.IsFaulted)))
            {
                await ProgressAsync(fault, stop);
                Machine machine = machines[fault.Machine];
                if (fault.Kind is FaultKind.Restart or FaultKind.FailOver)
                    _lasting.Add(OnDatabaseAsync(fault));
                else if (fault.Kind == FaultKind.Kill)
                    Kill(fault, machine);
                else if (!machine.IsDisturbed && machine.IsReady)
                    _lasting.Add(OnMachineAsync(fault, machine, stop));
            }
        }
        catch (OperationCanceledException)
        {
            // Every machine has ended its work.
        }
        await Task.WhenAll(_lasting);
        _lasting.Clear();
        foreach (Machine machine in machines)
            machine.SetClock(0);
    }

    private async Task ProgressAsync(Fault fault, CancellationToken stop)
    {
        Func<EmulatorCounters, long> count = fault.AtPurchase
            ? now => now.CreatesAccepted
            : now => now.CreatesReceived + now.Polls + now.Downloads;
        long goal = count(emulator.Counters) + fault.After;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            await emulator.WaitForAsync(now => count(now) >= goal, limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It comes now.
        }
    }

    /// <summary>The worst moment is in the middle of another fault.</summary>
    private void Kill(Fault fault, Machine machine)
    {
        if (machine.Kill())
            Count(fault, machine.Name);
    }

    private async Task OnMachineAsync(Fault fault, Machine machine, CancellationToken stop)
    {
        machine.IsDisturbed = true;
        try
        {
            switch (fault.Kind)
            {
                case FaultKind.Clock:
                    Count(fault, string.Create(CultureInfo.InvariantCulture, $"{machine.Name} by {fault.Skew} s"));
                    machine.SetClock(fault.Skew);
                    break;
                case FaultKind.Pause when machine.Pause():
                    await LastAsync(fault, machine, () => { }, machine.Continue, stop);
                    break;
                case FaultKind.ShortPartition or FaultKind.LongPartition:
                    await LastAsync(fault, machine, machine.Network.PartFromDatabase, machine.Network.JoinDatabase, stop);
                    break;
                case FaultKind.Isolation:
                    await LastAsync(fault, machine, machine.Network.PartFromAll, machine.Network.JoinAll, stop);
                    break;
            }
        }
        finally
        {
            machine.IsDisturbed = false;
        }
    }

    private async Task LastAsync(Fault fault, Machine machine, Action begin, Action end, CancellationToken stop)
    {
        begin();
        Count(fault, string.Create(CultureInfo.InvariantCulture, $"{machine.Name} for {fault.Length.TotalSeconds:0.0} s"));
        try
        {
            await Task.Delay(fault.Length, stop);
        }
        catch (OperationCanceledException)
        {
            // The batch has ended meanwhile.
        }
        end();
        progress($"  {fault.Kind} of {machine.Name} has ended");
    }

    private async Task OnDatabaseAsync(Fault fault)
    {
        if (Interlocked.Exchange(ref _databaseIsDisturbed, 1) != 0)
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
            Volatile.Write(ref _databaseIsDisturbed, 0);
        }
    }

    private void Count(Fault fault, string what)
    {
        Counts.AddOrUpdate(fault.Kind, 1, (_, count) => count + 1);
        progress($"  {fault.Kind} of {what}");
    }
}
