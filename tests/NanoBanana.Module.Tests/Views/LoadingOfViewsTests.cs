using System.Management.Automation.Runspaces;

namespace NanoBanana.Module.Tests.Views;

/// <summary>The views are loaded by the first command and removed with the module. A failure to load them affects no command.</summary>
public sealed class LoadingOfViewsTests : ModuleTest
{
    private const string Nested = "(Get-Module NanoBanana).NestedModules | ForEach-Object Name";
    private const string Header = "Id +Status +Elapsed";

    public LoadingOfViewsTests()
        : base(connect: false)
    {
    }

    [Fact]
    public void Views_are_loaded_by_the_first_command_and_not_by_the_import()
    {
        Assert.Empty(Run(Nested).Ok());

        Run("Get-NanoBananaConnection").Ok();

        Assert.Equal("NanoBanana.Views", Assert.Single(Run(Nested).Ok()).ToString());
        Assert.Equal("NanoBanana", Assert.Single(Run("Get-Module | Where-Object Name -like 'NanoBanana*'").Ok()).Text("Name"));
    }

    [Fact]
    public void Output_of_the_first_command_is_shown_with_the_views()
    {
        IReadOnlyList<string> shown = Shell.Show("""
            $own = Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -PassThru
            New-NanoBananaImage fox -Connection $own
            """);

        Assert.Matches(Header, string.Join('\n', shown));
    }

    [Fact]
    public void Views_are_loaded_once_and_without_messages()
    {
        ShellResult first = Run("$VerbosePreference = $DebugPreference = 'Continue'; Disconnect-NanoBanana; Disconnect-NanoBanana");

        first.Ok();
        Assert.Empty(first.Verbose.Concat(first.Debug));
        Assert.Single(Run(Nested).Ok());
    }

    [Fact]
    public void Views_are_removed_and_loaded_again_with_the_module()
    {
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey; $global:task = New-NanoBananaImage fox").Ok();
        Assert.Matches(Header, string.Join('\n', Shell.Show("$task")));

        Run("Remove-Module NanoBanana").Ok();
        Assert.DoesNotMatch(Header, string.Join('\n', Shell.Show("$task")));

        Run("Import-Module $module; Get-NanoBananaConnection").Ok();
        Assert.Matches(Header, string.Join('\n', Shell.Show("$task")));
    }

    [Fact]
    public void Session_that_cannot_load_the_views_works_without_them()
    {
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        state.ImportPSModule([StagedModule.Folder]);
        state.Commands.Remove("Import-Module", typeof(SessionStateCmdletEntry));
        using Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);

        shell.AddCommand("New-NanoBananaImage").AddParameter("Prompt", "fox").AddParameter("WhatIf").AddParameter("Verbose").Invoke();

        Assert.Empty(shell.Streams.Error);
        Assert.Contains(
            shell.Streams.Verbose,
            line => line.Message.StartsWith("The module's views can't be loaded here", StringComparison.Ordinal));
    }
}
