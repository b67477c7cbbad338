using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Records whether a submission with an unknown outcome was bought.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "NanoBananaTask", DefaultParameterSetName = TaskNotBought, SupportsShouldProcess = true)]
[OutputType(typeof(ImageTask))]
public sealed class ResolveNanoBananaTaskCommand : NanoBananaCmdlet
{
    private const string TaskBought = "TaskBought";
    private const string TaskNotBought = "TaskNotBought";
    private const string BatchBought = "BatchBought";
    private const string BatchNotBought = "BatchNotBought";

    private bool _isIdUsed;

    /// <summary>The tasks whose outcome is unknown.</summary>
    [Parameter(ParameterSetName = TaskBought, Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "The tasks whose outcome is unknown, from Get-NanoBananaTask -Status Unknown.")]
    [Parameter(ParameterSetName = TaskNotBought, Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "The tasks whose outcome is unknown, from Get-NanoBananaTask -Status Unknown.")]
    [Alias("InputObject")]
    public ImageTask[]? Task { get; set; }

    /// <summary>The batch of the submissions.</summary>
    [Parameter(ParameterSetName = BatchBought, Mandatory = true, HelpMessage = "The batch of the submissions.")]
    [Parameter(ParameterSetName = BatchNotBought, Mandatory = true, HelpMessage = "The batch of the submissions.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string? Batch { get; set; }

    /// <summary>The id of the task, if the image was bought.</summary>
    [Parameter(ParameterSetName = TaskBought, Mandatory = true,
        HelpMessage = "Records that the image was bought, with the id of its task from your provider account.")]
    [Parameter(ParameterSetName = BatchBought, Mandatory = true,
        HelpMessage = "Records that the image was bought, with the id of its task from your provider account.")]
    [ValidateNotNullOrEmpty]
    public string? Bought { get; set; }

    /// <summary>Records that the image was not bought. The next run submits the request.</summary>
    [Parameter(ParameterSetName = TaskNotBought, Mandatory = true, HelpMessage = "Records that the image wasn't bought.")]
    [Parameter(ParameterSetName = BatchNotBought, Mandatory = true, HelpMessage = "Records that the image wasn't bought.")]
    public SwitchParameter NotBought { get; set; }

    /// <summary>The name of the submission in its batch.</summary>
    [Parameter(ParameterSetName = BatchBought, HelpMessage = "The name of the submission in its batch.")]
    [Parameter(ParameterSetName = BatchNotBought, HelpMessage = "The name of the submission in its batch.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        // Its parameter set is chosen, so the request would be bought again.
        if (MyInvocation.BoundParameters.ContainsKey(nameof(NotBought)) && !NotBought)
            ThrowTerminatingError(Invalid(Messages.NotBoughtIsFalse).ToErrorRecord());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ImageTask task in Task ?? [])
            Resolve(task);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => TerminateOnError(() =>
    {
        if (Batch is null)
            return;
        IReadOnlyList<ImageTask> found = Await(() => Journal.Open()?.List(new JournalFilter
        {
            Batch = name => name == Batch,
            Name = Name is null ? null : name => name == Name,
            Status = [ImageTaskStatus.Unknown],
        })) ?? [];
        if (found.Count == 0)
            throw new NanoBananaException(NanoBananaErrorKind.TaskNotFound, Messages.NoUnknownSubmission(Batch, Name));
        if (Bought is not null && found.Count > 1)
            throw Invalid(Messages.SeveralUnknownSubmissions(found.Count, Batch));
        foreach (ImageTask task in found)
            Resolve(task);
    });

    private void Resolve(ImageTask task)
    {
        try
        {
            if (Bought is not null && _isIdUsed)
                throw Invalid(Messages.IdForSecondTask(Bought));
            _isIdUsed = true;
            string what = TextSafety.Excerpt(task.Name ?? task.Prompt, 60);
            if (!ShouldProcess(what, Bought is null ? Messages.RecordNotBought : Messages.RecordBought(Bought)))
                return;
            string by = $"{Environment.UserName}@{Environment.MachineName}";
            WriteObject(Await(() => Journal.Require().ResolveAsync(task, Bought?.Trim(), by)));
        }
        catch (NanoBananaException e)
        {
            WriteError(e.ToErrorRecord(task));
        }
    }

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
