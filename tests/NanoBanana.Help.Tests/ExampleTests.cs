using NanoBanana.Help.Tests.Engine;

namespace NanoBanana.Help.Tests;

/// <summary>Every example of the help and the README does what it says, offline, after one line of preparation.</summary>
[Collection(OneEngineAtATime.Name)]
public sealed class ExampleTests
{
    public static TheoryData<string> Examples => [.. DocumentedExample.All.Select(example => example.Where)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_runs_as_it_stands(string where)
    {
        DocumentedExample example = DocumentedExample.All.Single(e => e.Where == where);
        if (example.Needs == "the .NET SDK")
            return;
        using var engine = new HelpEngine();
        engine.Run("Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana");
        if (example.Needs == "the example above")
            engine.Run(example.Before!);

        // A name that is not set is a typo, or an example that can't stand alone.
        engine.Run("Set-StrictMode -Version 3.0\n" + example.Code);
    }

    [Fact]
    public void What_examples_need_beyond_the_module_is_known_here() =>
        Assert.Empty(DocumentedExample.All.Select(e => e.Needs).Except([null, "the .NET SDK", "the example above", "Microsoft.PowerShell.SecretManagement"]));
}
