using System.Management.Automation;
using NanoBanana.Pipeline;

namespace NanoBanana.Views;

/// <summary>
/// Loads how objects are shown with a session's first command instead of with the import, which takes twice as long with
/// views as without (docs/decisions/0014). They are a nested module, so they go when the module goes.
/// </summary>
internal static class ModuleViews
{
    private const string Name = "NanoBanana.Views";
    private const string Import = @"param($manifest) Microsoft.PowerShell.Core\Import-Module -Name $manifest -ErrorAction Stop -WarningAction Ignore -Verbose:$false -Debug:$false";

    public static void Load(NanoBananaCmdlet cmdlet)
    {
        // Without its manifest (Import-Module NanoBanana.dll) the module has no place to nest another in.
        if (cmdlet.MyInvocation.MyCommand.Module is not { SessionState: not null } module || module.NestedModules.Any(nested => nested.Name == Name))
            return;
        try
        {
            module.Invoke(ScriptBlock.Create(Import), Path.Combine(module.ModuleBase, Name + ".psd1"));
        }
        catch (RuntimeException e)
        {
            // A session that was made too poor for it: objects are shown as plain lists, and no command fails for that.
            cmdlet.WriteVerbose($"The module's views can't be loaded here, so its objects are shown as plain lists: {e.Message}");
        }
    }
}
