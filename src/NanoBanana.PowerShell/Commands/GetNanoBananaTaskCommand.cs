using System.Management.Automation;
using NanoBanana.Binding;
using NanoBanana.Completion;
using NanoBanana.Pipeline;

namespace NanoBanana.Commands;

/// <summary>Asks once, now, how tasks stand.</summary>
[Cmdlet(VerbsCommon.Get, "NanoBananaTask", DefaultParameterSetName = IdSet)]
[OutputType(typeof(ImageTask))]
public sealed class GetNanoBananaTaskCommand : TaskCmdlet
{
    /// <summary>The ids of the tasks.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [StringsOnly("A task id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Tasks whose newest state is wanted; what is known of them is kept.</summary>
    [Parameter(ParameterSetName = TaskSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    public ImageTask[]? Task { get; set; }

    private protected override ProgressStage Stage => ProgressStage.Waiting;

    private protected override ImageTask[]? GivenTasks => Task;

    private protected override string[]? GivenIds => Id;

    private protected override void Accept(ImageTask task) => Pump.Start(
        async () => Pump.PostObject(await Client.GetAsync(task, Pump, StopToken).ConfigureAwait(false)), task);
}
