using System.Management.Automation.Runspaces;

namespace NanoBanana.Module.Tests.Views;

/// <summary>How objects are shown comes with the first command, stays as long as the module does, and is no command's trouble.</summary>
public sealed class LoadingOfViewsTests : ModuleTest
{
    private const string Nested = "(Get-Module NanoBanana).NestedModules | ForEach-Object Name";
    private const string Header = "Id +Status +Elapsed";

    public LoadingOfViewsTests()
        : base(connect: false)
    {
    }

    [Fact]
    public void The_import_leaves_them_and_the_first_command_brings_them()
    {
        Assert.Empty(Run(Nested).Good());

        Run("Get-NanoBananaConnection").Good();

        Assert.Equal("NanoBanana.Views", Assert.Single(Run(Nested).Good()).ToString());
        Assert.Equal("NanoBanana", Assert.Single(Run("Get-Module | Where-Object Name -like 'NanoBanana*'").Good()).Text("Name"));
    }

    [Fact]
    public void What_the_first_command_emits_is_shown_by_them_already()
    {
        IReadOnlyList<string> shown = Shell.Show("New-NanoBananaImage fox -Connection (Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey -PassThru)");

        Assert.Matches(Header, string.Join('\n', shown));
    }

    [Fact]
    public void They_come_once_and_without_a_word()
    {
        ShellResult first = Run("$VerbosePreference = $DebugPreference = 'Continue'; Disconnect-NanoBanana; Disconnect-NanoBanana");

        first.Good();
        Assert.Empty(first.Verbose.Concat(first.Debug));
        Assert.Single(Run(Nested).Good());
    }

    [Fact]
    public void They_go_with_the_module_and_come_again_with_it()
    {
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey; $global:task = New-NanoBananaImage fox").Good();
        Assert.Matches(Header, string.Join('\n', Shell.Show("$task")));

        Run("Remove-Module NanoBanana").Good();
        Assert.DoesNotMatch(Header, string.Join('\n', Shell.Show("$task")));

        Run("Import-Module $module; Get-NanoBananaConnection").Good();
        Assert.Matches(Header, string.Join('\n', Shell.Show("$task")));
    }

    [Fact]
    public void A_session_that_cannot_load_them_does_its_work_without()
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
        Assert.Contains(shell.Streams.Verbose, line => line.Message.StartsWith("The module's views can't be loaded here", StringComparison.Ordinal));
    }
}
