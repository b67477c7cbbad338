using System.Net.Sockets;
using NanoBanana.Emulator;

namespace NanoBanana.Commands;

/// <summary>Starts an emulator of the provider in this process, for Connect-NanoBanana.</summary>
[Cmdlet(VerbsLifecycle.Start, "NanoBananaEmulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType("NanoBanana.Emulator.EmulatorServer")]
public sealed class StartNanoBananaEmulatorCommand : NanoBananaCmdlet
{
    /// <summary>A number, because with a field of the enum's type, importing the module would load the emulator.</summary>
    private int _resultShape;

    /// <summary>The factor for the time that tasks take, 0 to 1000000: 1 is realistic, with 0 tasks complete immediately.</summary>
    [Parameter(HelpMessage = "The factor for the time that tasks take, 0 to 1000000.")]
    [ValidateRange(0.0, 1e6)]
    public double TimeScale { get; set; } = 1;

    /// <summary>The share of tasks that fail, 0 to 1.</summary>
    [Parameter(HelpMessage = "The share of tasks that fail, 0 to 1.")]
    [ValidateRange(0.0, 1.0)]
    public double FailureRate { get; set; }

    /// <summary>The share of requests that get a faulty answer, 0 to 1.</summary>
    [Parameter(HelpMessage = "The share of submissions, polls and downloads that get a faulty answer, 0 to 1.")]
    [ValidateRange(0.0, 1.0)]
    public double FaultRate { get; set; }

    /// <summary>The kinds of faults. The default is all kinds from which a correct client recovers within seconds.</summary>
    [Parameter(HelpMessage = "The kinds of faults for -FaultRate.")]
    [ValidateNotNullOrEmpty]
    public EmulatorFaultKind[]? FaultKind { get; set; }

    /// <summary>
    /// The seed for ids, completion times, failures and faults. The same seed repeats the same run. The default is random.
    /// </summary>
    [Parameter(HelpMessage = "The seed of the random numbers for ids, times, failures and faults.")]
    public int? Seed { get; set; }

    /// <summary>The shape of the answers that contain images, as this provider and similar gateways send them.</summary>
    [Parameter(HelpMessage = "The shape of the answers that contain images.")]
    public EmulatorResultShape ResultShape { get => (EmulatorResultShape)_resultShape; set => _resultShape = (int)value; }

    /// <summary>The forms of input images that are refused, to test that a client uses another form.</summary>
    [Parameter(HelpMessage = "The forms of input images that the emulator refuses with 400: DataUri, Base64, Address.")]
    [ValidateNotNullOrEmpty]
    public EmulatorImageForm[]? RefuseImage { get; set; }

    /// <summary>The port to listen on, 0 to 65535; 0 is any free port.</summary>
    [Parameter(HelpMessage = "The port to listen on, 0 to 65535.")]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>The key that the emulator requires. The default is random.</summary>
    [Parameter(HelpMessage = "The key that the emulator requires.")]
    [ValidateNotNullOrEmpty]
    public string? ApiKey { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (FaultKind is not null && FaultRate == 0)
            Refuse(Messages.FaultKindWithoutRate, null, FaultKind);
        if (!ShouldProcess("127.0.0.1", Messages.StartEmulator))
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
            Refuse(Messages.PortNotAvailable(Port, e.Message), e, Port);
        }
        catch (ArgumentException e)
        {
            Refuse(Messages.EmulatorNotStarted(e.Message), e, Port);
        }
    }

    private void Refuse(string message, Exception? cause, object target) =>
        ThrowTerminatingError(new NanoBananaException(NanoBananaErrorKind.InvalidRequest, message, cause).ToErrorRecord(target));
}
