namespace NanoBanana.Module.Tests.Hosting;

/// <summary>A test with a session that has the staged module, connected to an emulator whose tasks complete immediately.</summary>
public abstract class ModuleTest : IDisposable
{
    protected const string ApiKey = "secret-key-of-the-module-tests-7f3a";

    private protected ModuleTest(bool connect = true)
    {
        Emulator = EmulatorServer.Start(new EmulatorOptions { ApiKey = ApiKey, TimeScale = 0 });
        Shell = new ShellSession(Folder.Path).Import();
        Shell["emulator"] = Emulator;
        Shell["signals"] = new EmulatorSignals(Emulator);
        if (connect)
            Shell.Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey").Ok();
    }

    private protected EmulatorServer Emulator { get; }

    private protected TemporaryFolder Folder { get; } = new();

    private protected ShellSession Shell { get; }

    /// <summary>The bodies of the accepted create requests.</summary>
    private protected IReadOnlyList<string> Bodies => [.. Emulator.Tasks.Select(task => task.Parameters)];

    public virtual void Dispose()
    {
        Shell.Dispose();
        Emulator.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ShellResult Run(string script) => Shell.Run(script);

    /// <summary>Waits until the emulator's counters meet a condition.</summary>
    private protected Task WaitForEmulatorAsync(Func<EmulatorCounters, bool> condition) =>
        Emulator.WaitForAsync(condition).WaitAsync(TestTimeout.Limit);

    /// <summary>Asserts that no request was sent, not even one that the emulator refused.</summary>
    private protected void AssertNothingSent() => Assert.Equal(0, Emulator.Counters.ConnectionsAccepted);

    private protected void Enqueue(EmulatorOperation operation, EmulatorFault fault, int times = 1)
    {
        for (int i = 0; i < times; i++)
            Emulator.Enqueue(operation, fault);
    }
}
