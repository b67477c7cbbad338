using System.Net.Sockets;
using NanoBanana.Emulator;

namespace NanoBanana.Commands;

/// <summary>Starts the offline provider in this process. Pipe it to Connect-NanoBanana.</summary>
[Cmdlet(VerbsLifecycle.Start, "NanoBananaEmulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType("NanoBanana.Emulator.EmulatorServer")]
public sealed class StartNanoBananaEmulatorCommand : NanoBananaCmdlet
{
    /// <summary>A number: with a field of the enum's own type, importing the module would load the emulator.</summary>
    private int _resultShape;

    /// <summary>Scales the time that tasks take: 1 is lifelike, 0 is done at once.</summary>
    [Parameter(HelpMessage = "The factor for the time that tasks take, 0 to 1000000.")]
    [ValidateRange(0.0, 1e6)]
    public double TimeScale { get; set; } = 1;

    /// <summary>The share of tasks that fail by themselves, 0 to 1.</summary>
    [Parameter(HelpMessage = "The share of tasks that fail, 0 to 1.")]
    [ValidateRange(0.0, 1.0)]
    public double FailureRate { get; set; }

    /// <summary>The share of requests that go wrong, 0 to 1.</summary>
    [Parameter(HelpMessage = "The share of submissions, polls and downloads that get a faulty answer, 0 to 1.")]
    [ValidateRange(0.0, 1.0)]
    public double FaultRate { get; set; }

    /// <summary>The ways in which they go wrong; without it, all that a careful client outlives within seconds.</summary>
    [Parameter(HelpMessage = "The kinds of faults for -FaultRate, which is then required.")]
    [ValidateNotNullOrEmpty]
    public EmulatorFaultKind[]? FaultKind { get; set; }

    /// <summary>Where ids, completion times, failures and faults start from: the same seed repeats the same run; without one, every run differs.</summary>
    [Parameter(HelpMessage = "The seed of the random numbers for ids, times, failures and faults.")]
    public int? Seed { get; set; }

    /// <summary>The shape of the answers that hold images: any that this provider and gateways of its kind were seen to send.</summary>
    [Parameter(HelpMessage = "The shape of the answers that contain images.")]
    public EmulatorResultShape ResultShape { get => (EmulatorResultShape)_resultShape; set => _resultShape = (int)value; }

    /// <summary>The forms of input images that are refused, to see how a client finds another.</summary>
    [Parameter(HelpMessage = "The forms of input images that the emulator refuses with 400: DataUri, Base64, Address.")]
    [ValidateNotNullOrEmpty]
    public EmulatorImageForm[]? RefuseImage { get; set; }

    /// <summary>The port to listen on; 0 takes any free one.</summary>
    [Parameter(HelpMessage = "The port to listen on, 0 to 65535.")]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>The key that the emulator asks for; without it a random one of this start.</summary>
    [Parameter(HelpMessage = "The key that the emulator requires.")]
    [ValidateNotNullOrEmpty]
    public string? ApiKey { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (FaultKind is not null && FaultRate == 0)
            Refuse("-FaultKind says how requests go wrong, and none does without a rate. Give -FaultRate too, such as 0.1 for a tenth.", null, FaultKind);
        if (!ShouldProcess("127.0.0.1", "Start the NanoBanana emulator"))
            return;
        try
        {
            var emulator = EmulatorServer.Start(new EmulatorOptions
            {
                ApiKey = ApiKey,
                Port = Port,
                Seed = Seed ?? Guid.NewGuid().GetHashCode(),
                TimeScale = TimeScale,
                FailureRate = FailureRate,
                FaultRate = FaultRate,
                FaultKinds = FaultKind,
                ResultShape = ResultShape,
                RefusedImageForms = RefuseImage,
            });
            RunspaceData.Current.Add(emulator);
            WriteObject(emulator);
        }
        catch (SocketException e)
        {
            Refuse($"The emulator can't listen on port {Port}: {e.Message.TrimEnd('.')}. Use -Port 0 for any free port.", e, Port);
        }
        catch (ArgumentException e)
        {
            Refuse($"The emulator can't start: {e.Message}", e, Port);
        }
    }

    private void Refuse(string message, Exception? cause, object target) =>
        ThrowTerminatingError(new NanoBananaException(NanoBananaErrorKind.InvalidRequest, message, cause).ToErrorRecord(target));
}
