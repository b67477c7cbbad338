namespace NanoBanana.Module.Tests.Queue;

/// <summary>A session that is connected to the emulator with the queue dialect.</summary>
public abstract class QueueModuleTest : ModuleTest
{
    private protected QueueModuleTest() : base(connect: false) =>
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -Protocol Queue").Ok();
}
