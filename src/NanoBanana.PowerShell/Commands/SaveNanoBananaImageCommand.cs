using System.Management.Automation;
using NanoBanana.Binding;
using NanoBanana.Client.Files;
using NanoBanana.Completion;
using NanoBanana.Pipeline;

namespace NanoBanana.Commands;

/// <summary>Downloads the pictures of tasks into a folder; waits first for tasks that are not done.</summary>
[Cmdlet(VerbsData.Save, "NanoBananaImage", DefaultParameterSetName = TaskSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveNanoBananaImageCommand : TaskCmdlet
{
    private WaitStage? _wait;
    private SaveStage? _save;

    /// <summary>The tasks whose pictures to save.</summary>
    [Parameter(ParameterSetName = TaskSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public ImageTask[]? Task { get; set; }

    /// <summary>The ids of the tasks whose pictures to save.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [StringsOnly("A task id", LetsOthersTry = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>The folder; made if it does not exist.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>How to name the files, with fields in braces.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FileNameCompleter))]
    public string? FileName { get; set; }

    /// <summary>Replaces files that are there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes a JSON file beside each picture that says how it was made and makes it again.</summary>
    [Parameter]
    public SwitchParameter Metadata { get; set; }

    /// <summary>How long to wait for each task that is not done, in seconds from the moment that it comes in.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = 600;

    /// <summary>The most downloads at once.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 8;

    private protected override ImageTask[]? GivenTasks => Task;

    private protected override string[]? GivenIds => Id;

    private protected override ProgressStage Stage => ProgressStage.Saving;

    /// <inheritdoc/>
    protected override void Begin()
    {
        string folder = PathReader.Literal(this, Destination);
        FileNameTemplate template = FileName is null ? FileNameTemplate.Default : FileNameTemplate.Parse(FileName);
        PictureTarget target = PictureTarget.InDirectory(folder, template, Force, Metadata);
        base.Begin();
        _wait = new WaitStage(Pump, Client, TimeSpan.FromSeconds(TimeoutSec), Notice, StopToken);
        _save = new SaveStage(Pump, Client, target, ThrottleLimit, Notice, StopToken);
    }

    /// <inheritdoc/>
    protected override void Conclude()
    {
        base.Conclude();
        if (_save?.SizeWarning() is { } warning)
            WriteWarning(warning);
    }

    private protected override void Accept(ImageTask task)
    {
        if (!ShouldProcess(task.Id, $"Save the pictures to {Destination}"))
            return;
        Hold(task);
        Pump.Start(() => SaveAsync(task), task);
    }

    private async Task SaveAsync(ImageTask task)
    {
        if (await _wait!.CompleteAsync(task).ConfigureAwait(false) is { } completed)
            await _save!.SaveAsync(completed).ConfigureAwait(false);
    }
}
