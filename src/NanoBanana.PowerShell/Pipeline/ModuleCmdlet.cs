using System.Management.Automation;
using NanoBanana.Views;

namespace NanoBanana.Pipeline;

/// <summary>Any command of the module: the first one of a session brings the views of what commands emit.</summary>
public abstract class ModuleCmdlet : PSCmdlet
{
    /// <inheritdoc/>
    protected override void BeginProcessing() => ModuleViews.Load(this);
}
