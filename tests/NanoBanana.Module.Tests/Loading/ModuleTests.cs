using System.Runtime.Loader;

namespace NanoBanana.Module.Tests.Loading;

public sealed class ModuleTests : ModuleTest
{
    private static readonly string[] Commands =
    [
        "Backup-NanoBananaJournal", "Connect-NanoBanana", "Copy-NanoBananaJournal", "Disconnect-NanoBanana", "Export-NanoBananaGallery",
        "Get-NanoBananaBatch", "Get-NanoBananaConnection", "Get-NanoBananaEmulator", "Get-NanoBananaTask",
        "New-NanoBananaImage", "Remove-NanoBananaTask", "Resolve-NanoBananaTask", "Save-NanoBananaImage", "Show-NanoBananaImage",
        "Start-NanoBananaEmulator", "Stop-NanoBananaBatch", "Stop-NanoBananaEmulator",
        "Stop-NanoBananaTask", "Test-NanoBananaConnection", "Wait-NanoBananaTask",
    ];

    [Fact]
    public void Module_exports_only_its_commands()
    {
        PSObject module = Assert.Single(Run("Get-Module NanoBanana").Ok());
        var info = Assert.IsType<PSModuleInfo>(module.BaseObject);

        Assert.Equal(Commands, info.ExportedCmdlets.Keys.Order());
        Assert.Empty(info.ExportedAliases);
        Assert.Empty(info.ExportedFunctions);
        Assert.Empty(info.ExportedVariables);
        Assert.Equal(StagedModule.Folder, info.ModuleBase);
    }

    [Fact]
    public void Manifest_lists_every_command_of_the_assembly()
    {
        PSObject names = Assert.Single(Run("""
            (Get-Command New-NanoBananaImage).ImplementingType.Assembly.GetTypes() | ForEach-Object {
                $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)
            } | ForEach-Object { "$($_.VerbName)-$($_.NounName)" } | & { (@($input) | ForEach-Object { $_ }) -join ' ' }
            """).Ok());
        Assert.Equal(Commands, $"{names}".Split(' ').Order());
    }

    [Fact]
    public void Assemblies_are_loaded_from_the_staged_folder_in_their_contexts()
    {
        Run("New-NanoBananaImage fox").Ok();

        var loaded = AppDomain.CurrentDomain.GetAssemblies()
            .Where(a => a.GetName().Name is "NanoBanana" or "NanoBanana.Models" or "NanoBanana.Client")
            // Without the build for Windows PowerShell, which FrameworkConnectionTests loads.
            .Where(a => AssemblyLoadContext.GetLoadContext(a)!.Name != "netstandard2.0")
            .Select(a => (Name: a.GetName().Name!, a.Location, Context: AssemblyLoadContext.GetLoadContext(a)!))
            .OrderBy(a => a.Name, StringComparer.Ordinal)
            .ToArray();

        Assert.Equal(["NanoBanana", "NanoBanana.Client", "NanoBanana.Models"], loaded.Select(a => a.Name));
        Assert.All(loaded, a => Assert.StartsWith(StagedModule.Lib, a.Location, StringComparison.Ordinal));
        Assert.All(loaded, a => Assert.Equal(a.Name is "NanoBanana.Client" ? "NanoBanana" : "Default", a.Context.Name));
    }

    [Fact]
    public void Module_can_be_removed_and_imported_again()
    {
        Run("Remove-Module NanoBanana").Ok();
        Assert.Equal("CommandNotFoundException", Assert.Single(Run("New-NanoBananaImage fox").Errors).FullyQualifiedErrorId);

        IReadOnlyList<PSObject> tasks = Run("""
            Import-Module $module
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey
            New-NanoBananaImage fox
            Import-Module $module -Force
            Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey
            New-NanoBananaImage owl
            """).Ok();
        Assert.Equal(["fox", "owl"], tasks.Select(t => t.Text("Prompt")));
    }

    [Fact]
    public void Remove_Module_stops_only_the_emulators_of_the_session()
    {
        var own = Assert.IsType<EmulatorServer>(Assert.Single(Run("$own = Start-NanoBananaEmulator; $own").Ok()).BaseObject);
        Run("Remove-Module NanoBanana").Ok();
        Run("Import-Module $module; Connect-NanoBanana -Endpoint $own.Endpoint -ApiKey $own.ApiKey -MaximumRetryCount 0").Ok();

        Run("New-NanoBananaImage fox").OnlyError(
            "ConnectionFailed,NanoBanana.Commands.NewNanoBananaImageCommand", ErrorCategory.ConnectionError);
        Assert.Empty(own.Tasks);

        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey; New-NanoBananaImage fox").Ok();
    }
}
