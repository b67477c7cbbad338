using NanoBanana.Client.Wire;

namespace NanoBanana.Commands;

/// <content>Reads the prompts of each input object, and refuses the inputs that can't be submitted.</content>
public sealed partial class NewNanoBananaImageCommand
{
    private protected override void ProcessRecord(CommandSession session)
    {
        // Rows that PowerShell's binder refuses are also counted, so that later rows have the correct numbers.
        if (InputObject is not null)
            _inputCount += Math.Max(0, _boundCount - ++_processedCount);
        _processedCount = _boundCount;
        if (ParameterSetName == InputSet && RowReader.ElementsOf(InputObject) is { } elements)
        {
            foreach (object? element in elements)
                ProcessElement(session, element is null ? null : PSObject.AsPSObject(element));
            return;
        }
        foreach (object? source in Sources())
            ProcessInput(session, source);
    }

    private void ProcessInput(CommandSession session, object? source)
    {
        try
        {
            foreach (PromptInput input in Inputs(source))
            {
                if (input.Row is null)
                    SubmitInput(session, input);
                else
                    _rows!.RunWith(input.Row, () => SubmitInput(session, input));
            }
        }
        catch (NanoBananaException e)
        {
            // If the first input is text and -Prompt is given, the command line is wrong, and the command ends.
            if (_inputCount == 0 && source is PSObject { BaseObject: string } && HasPrompt)
                ThrowTerminatingError(e.ToErrorRecord(source));
            Refuse(session, source, e);
        }
    }

    /// <summary>Handles an element of a list, whose values PowerShell has not bound.</summary>
    private void ProcessElement(CommandSession session, PSObject? element)
    {
        try
        {
            _rows!.RunWith(element, () => ProcessInput(session, element));
        }
        catch (NanoBananaException e)
        {
            Refuse(session, element, e);
        }
    }

    private void Refuse(CommandSession session, object? source, NanoBananaException e)
    {
        CountRefused(session, _inputCount, e);
        WriteError(AtPlace(e, source, _inputCount++).ToErrorRecord(source));
    }

    private void SubmitInput(CommandSession session, PromptInput input)
    {
        int index = _inputCount++;
        if (input.IsPipedString && string.IsNullOrWhiteSpace(input.Text))
        {
            _blankCount++;
            return;
        }
        if (input.IsPipedString && index == _blankCount)
            TerminateOnError(() => TableFormat.CheckNoHeader(input.Text!));
        try
        {
            if (OutFile is not null && index - _blankCount > 0)
                throw OneFileOneImage();
            if (IsKnownProblem(session, input, index))
                return;
            if (input.Text is not null)
                PathReader.CheckNoFile(this, input.Text);
            foreach (ImageRequest request in _requests!.Build(input, index))
                Submit(session, input, request);
        }
        catch (NanoBananaException e) when (e.EndsSubmitting)
        {
            ThrowTerminatingError(e.ToErrorRecord(input.Source));
        }
        catch (NanoBananaException e)
        {
            CountRefused(session, index, e);
            WriteError(AtPlace(e, input.Source, index).ToErrorRecord(input.Source));
        }
    }

    /// <summary>Counts and logs an input that is not submitted.</summary>
    private void CountRefused(CommandSession session, int index, NanoBananaException e) =>
        session.RecordError(
            new ImageRequest { Batch = Batch, Name = Name, InputIndex = index, RunItem = _run.ForBatch(Batch).AddItem() }, e);

    /// <summary>Whether a row must not be submitted because of its columns. Writes an error for the first row with each problem.</summary>
    private bool IsKnownProblem(CommandSession session, PromptInput input, int index)
    {
        if (input.Source is not PSObject row || _rows!.ProblemOf(row) is not { } problem)
            return false;
        NanoBananaException error = AtPlace(new NanoBananaException(NanoBananaErrorKind.InvalidRequest, problem), row, index);
        CountRefused(session, index, error);
        if (_rows.CountProblem(problem))
            WriteError(error.ToErrorRecord(row));
        return true;
    }

    /// <summary>The error of a pipeline input, with the place of the input before its message.</summary>
    private NanoBananaException AtPlace(NanoBananaException error, object? source, int index) =>
        ParameterSetName == InputSet && MyInvocation.ExpectingInput ? error.At(RowReader.PlaceOf(source, index)) : error;

    /// <summary>The input objects of the user.</summary>
    private object?[] Sources() => ParameterSetName switch
    {
        PromptSet => Prompt is { Length: > 0 } ? Prompt : [""],
        InputSet => [InputObject],
        _ => PromptPath!,
    };

    /// <summary>Whether the command line gives the prompt and the pipeline gives the images to edit.</summary>
    private bool HasPrompt => ParameterSetName == InputSet && _requests!.IsGiven(nameof(Prompt));

    private IEnumerable<PromptInput> Inputs(object? source) => ParameterSetName switch
    {
        PromptSet => [new PromptInput(source, (string?)source)],
        InputSet => source is not PSObject row || RowReader.IsBlank(row)
            ? [new PromptInput(null, null, IsPipedString: true)]
            : HasPrompt ? PromptReader.ReadWithPrompts(this, row, Prompt ?? [""], _requests!.ComputesPrompt)
            : PromptReader.Read(row, Prompt),
        _ => PathReader.Resolve(this, (string)source!).Select(PromptInput.OfFile),
    };
}
