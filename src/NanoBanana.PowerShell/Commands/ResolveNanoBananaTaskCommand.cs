using NanoBanana.Client.Journal;

namespace NanoBanana.Commands;

/// <summary>Records what a person found out about a submission whose outcome is unknown.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "NanoBananaTask", DefaultParameterSetName = TaskNotBought, SupportsShouldProcess = true)]
[OutputType(typeof(ImageTask))]
public sealed class ResolveNanoBananaTaskCommand : NanoBananaCmdlet
{
    private const string TaskBought = "TaskBought";
    private const string TaskNotBought = "TaskNotBought";
    private const string BatchBought = "BatchBought";
    private const string BatchNotBought = "BatchNotBought";

    private bool _isUsed;

    /// <summary>The tasks whose outcome is unknown.</summary>
    [Parameter(ParameterSetName = TaskBought, Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "The tasks whose outcome is unknown, as Get-NanoBananaTask -Status Unknown lists them.")]
    [Parameter(ParameterSetName = TaskNotBought, Mandatory = true, Position = 0, ValueFromPipeline = true,
        HelpMessage = "The tasks whose outcome is unknown, as Get-NanoBananaTask -Status Unknown lists them.")]
    [Alias("InputObject")]
    public ImageTask[]? Task { get; set; }

    /// <summary>The batch of the submissions.</summary>
    [Parameter(ParameterSetName = BatchBought, Mandatory = true, HelpMessage = "The batch of the submissions.")]
    [Parameter(ParameterSetName = BatchNotBought, Mandatory = true, HelpMessage = "The batch of the submissions.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchCompleter))]
    public string? Batch { get; set; }

    /// <summary>It was bought, and this is the id of its task.</summary>
    [Parameter(ParameterSetName = TaskBought, Mandatory = true,
        HelpMessage = "Records that the image was bought, with the id of its task from your provider account.")]
    [Parameter(ParameterSetName = BatchBought, Mandatory = true,
        HelpMessage = "Records that the image was bought, with the id of its task from your provider account.")]
    [ValidateNotNullOrEmpty]
    public string? Bought { get; set; }

    /// <summary>It was not bought: the next run buys it.</summary>
    [Parameter(ParameterSetName = TaskNotBought, Mandatory = true, HelpMessage = "Records that the image was not bought.")]
    [Parameter(ParameterSetName = BatchNotBought, Mandatory = true, HelpMessage = "Records that the image was not bought.")]
    public SwitchParameter NotBought { get; set; }

    /// <summary>The name of the submission in its batch.</summary>
    [Parameter(ParameterSetName = BatchBought, HelpMessage = "The name of the submission in its batch.")]
    [Parameter(ParameterSetName = BatchNotBought, HelpMessage = "The name of the submission in its batch.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NameCompleter))]
    public string? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ImageTask task in Task ?? [])
            Resolve(task);
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => OrTerminate(() =>
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
            throw new NanoBananaException(NanoBananaErrorKind.TaskNotFound, $"The batch '{TextSafety.Excerpt(Batch)}' has no submission{(Name is null ? "" : $" named '{TextSafety.Excerpt(Name)}'")} whose outcome is unknown. Get-NanoBananaTask -Status Unknown lists all.");
        if (Bought is not null && found.Count > 1)
            throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"{found.Count} submissions of the batch '{TextSafety.Excerpt(Batch)}' have an unknown outcome, and one id is of one of them. Give its -Name, or pipe its task.");
        foreach (ImageTask task in found)
            Resolve(task);
    });

    private void Resolve(ImageTask task)
    {
        try
        {
            if (Bought is not null && _isUsed)
                throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{TextSafety.Excerpt(Bought)}' is the id of one task, and a second one was piped. Pipe one task for each id.");
            _isUsed = true;
            string what = TextSafety.Excerpt(task.Name ?? task.Prompt, 60);
            if (!ShouldProcess(what, Bought is null ? "Record that it was not bought, so that the next run buys it" : $"Record that it was bought as task {TextSafety.Excerpt(Bought)}"))
                return;
            string by = $"{Environment.UserName}@{Environment.MachineName}";
            WriteObject(Await(() => Journal.Require().ResolveAsync(task, Bought?.Trim(), by)));
        }
        catch (NanoBananaException e)
        {
            WriteError(e.ToErrorRecord(task));
        }
    }
}
