using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Wire;
using NanoBanana.Terminals;

namespace NanoBanana.Commands;

/// <summary>Submits requests to generate or edit images, and emits each task when it is accepted.</summary>
[Cmdlet(VerbsCommon.New, "NanoBananaImage", DefaultParameterSetName = PromptSet, SupportsShouldProcess = true)]
[OutputType(typeof(ImageTask))]
[OutputType(typeof(FileInfo))]
public sealed partial class NewNanoBananaImageCommand : SessionCmdlet
{
    private readonly ImageRun _run = new(() => DateTimeOffset.UtcNow);
    private RequestBuilder? _requests;
    private RowReader? _rows;
    private SubmitStage? _submit;
    private SaveStage? _save;
    private PurchasePreview? _preview;
    private ImageTarget? _target;
    private string? _outFile;
    private bool _checksEndpoint;
    private PSObject? _inputObject;
    private int _boundCount;
    private int _processedCount;
    private int _inputCount;
    private int _blankCount;

    private protected override ProgressStage Stage => Wait || OutFile is not null ? ProgressStage.Generating : ProgressStage.Submitting;

    private protected override ImageRun Run => _run;

    private protected override bool HoldsErrors => true;

    /// <summary>A preview needs no key.</summary>
    private protected override bool NeedsConnection => !IsWhatIf;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Before anything can fail, because a script that continues after an error also reads the variable.
        if (RunVariable is not null)
            SessionState.PSVariable.Set(RunVariable, _run);
        TerminateOnError(CheckParameters);
        base.BeginProcessing();
    }

    private void CheckParameters()
    {
        _requests = new RequestBuilder(this);
        _rows = new RowReader(this);
        _requests.CheckCommandLine();
        if (Show && OutFile is null)
        {
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.ShowWithoutOutFile);
        }
        if (OutFile is not null)
        {
            _outFile = PathReader.Literal(this, OutFile);
            // Whether an earlier run saved the file is checked later: the batch can come with the input.
            _target = ImageTarget.ExactFile(_outFile, Force, mayExist: Batch is not null || MyInvocation.ExpectingInput);
            if (!IsWhatIf)
                _target.CheckWritable();
        }
        if (OutFile is not null && (Prompt?.Length > 1 || Count > 1 || AspectRatio?.Length > 1 || Resolution?.Length > 1))
            throw OneFileOneImage();
        _checksEndpoint = Connection is null;
    }

    private protected override void BeginProcessing(CommandSession session)
    {
        _run.Endpoint = Connection?.Endpoint;
        SpendingLimits limits = new SpendingLimits
        {
            Images = Given(nameof(MaximumImages), MaximumImages),
            Tokens = Given(nameof(MaximumTokens), MaximumTokens),
            Cost = Given(nameof(MaximumCost), MaximumCost),
        }.And(SpendingLimits.OfRunInEnvironment());
        if (NeedsConnection)
        {
            session.Submissions = session.Client.StartRun(limits, _run.WholeId);
            _submit = new SubmitStage(session, session.Submissions, session.Client.ThrottleOf(ThrottleLimit), NextStage(session));
        }
        else
        {
            _preview = new PurchasePreview(Connection, Journal, limits);
        }
    }

    private protected override void EndProcessing(CommandSession session)
    {
        if (_blankCount > 0)
            WriteVerbose(Messages.BlankLinesSkipped(_blankCount));
        foreach (string warning in new[] { _save?.SizeWarning(), _save?.ElsewhereWarning() }.OfType<string>())
            WriteWarning(warning);
        if (_submit?.FinalError() is { } error)
            WriteError(error);
        if (_rows!.RefusedRows() is { } refused)
            WriteWarning(refused);
        if (_preview is null)
            return;
        foreach (string note in new[] { _rows.UnusedColumns(), _preview.CommentNote(), _preview.Total() }.OfType<string>())
            ShouldProcess(note, note, "");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _preview?.Dispose();
        _submit?.Dispose();
        base.Dispose(disposing);
        _run.End(isEarly: true);
    }

    private void Submit(CommandSession session, PromptInput input, ImageRequest request)
    {
        CheckOutFile(request);
        WarnOfEmulator();
        string action = _preview?.Describe(request) ?? PurchasePreview.Action(request);
        // After the end of submitting, nothing is bought and no confirmation is required.
        if (_submit?.StopReason is not null || ShouldProcess(PurchasePreview.Target(request), action))
            _submit!.Submit(request, input.Source!);
    }

    /// <summary>Refuses an existing file that was not saved by an earlier run of the same request.</summary>
    private void CheckOutFile(ImageRequest request)
    {
        if (_outFile is null || Force || !File.Exists(_outFile))
            return;
        if (!Journal.HasSaved(request, _preview?.Endpoint ?? Connection!.Endpoint, _outFile))
            throw ImageTarget.Exists(_outFile);
    }

    private void WarnOfEmulator()
    {
        if (_checksEndpoint && ConnectionResolver.EmulatorWarning(isPreview: _preview is not null) is { } warning)
            WriteWarning(warning);
        _checksEndpoint = false;
    }

    private Func<ImageTask, Task> NextStage(CommandSession session)
    {
        var wait = new WaitStage(session, TimeSpan.FromSeconds(TimeoutSec));
        if (_target is not null)
        {
            SaveStage save = _save = new SaveStage(session, _target, throttleLimit: 1, Show ? ImageDisplay.OfSaved(this) : null);
            return async task =>
            {
                if (await wait.WaitForImageAsync(task).ConfigureAwait(false) is { } completed)
                    await save.SaveAsync(completed).ConfigureAwait(false);
            };
        }
        if (Wait)
            return wait.WaitAndEmitAsync;
        return task =>
        {
            session.Pump.PostTask(task);
            return Task.CompletedTask;
        };
    }

    private static NanoBananaException OneFileOneImage() =>
        new(NanoBananaErrorKind.InvalidRequest, Messages.OneFileForSeveralImages);
}
