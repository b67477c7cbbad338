using System.Globalization;
using System.Management.Automation.Language;
using NanoBanana.Module.Tests.Help.Engine;

namespace NanoBanana.Module.Tests.Help;

/// <summary>Every example in the help and the README runs offline after one line of preparation.</summary>
[Collection(ProcessWide.Name)]
public sealed class ExampleTests
{
    public static TheoryData<string> Examples => [.. DocumentedExample.All.Select(example => example.Where)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_runs_unchanged(string where)
    {
        DocumentedExample example = DocumentedExample.All.Single(e => e.Where == where);
        if (example.Needs == "the .NET SDK")
            return;
        if (example.Needs == "a PostgreSQL server")
        {
            // Without a server, check only the syntax.
            Parser.ParseInput(example.Code, out _, out ParseError[] errors);
            Assert.Empty(errors);
            return;
        }
        using var engine = new HelpEngine();
        engine.Run("Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana");
        if (example.Needs == "the example above")
            engine.Run(example.Before!);

        // Strict mode reports a variable that is not set: a typo, or an example that depends on another one.
        engine.Run("Set-StrictMode -Version 3.0\n" + example.Code);
    }

    [Fact]
    public void Scheduled_script_submits_nothing_twice_when_it_runs_again()
    {
        using var engine = new HelpEngine();
        engine.Run("$emulator = Start-NanoBananaEmulator -TimeScale 0; $emulator | Connect-NanoBanana");

        for (int run = 1; run <= 2; run++)
        {
            engine.Run(Scheduled.Code);
            Assert.Equal(
                [2L, 0],
                engine.Run("$emulator.Counters.CreatesAccepted; $run.ExitCode")
                    .Select(o => Convert.ToInt64(o.BaseObject, CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public void Scheduled_script_reports_why_it_ended()
    {
        using var engine = new HelpEngine();

        string script = "try {\n" + Scheduled.Code + "\n} catch { $_.FullyQualifiedErrorId }\n\"exit $($run.ExitCode)\"";
        string[] output = [.. engine.Run(script).Select(o => $"{o}")];

        Assert.StartsWith("ApiKeyMissing,", output[0], StringComparison.Ordinal);
        Assert.Equal("exit 1", output[^1]);
    }

    [Fact]
    public void Scheduled_script_saves_completed_images_if_a_prompt_fails()
    {
        using var engine = new HelpEngine();
        engine.Run("Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana");
        engine.Run("Add-Content prompts.csv 'owl,an owl [fail:5001095],1:1,', 'elk,an elk,1:1,'");
        string script = Scheduled.Code.Replace("-ErrorAction Continue", "-ErrorAction Continue 2>$null", StringComparison.Ordinal);

        engine.Run(script);

        Assert.Equal(
            ["3", "3", "1", "elk", "fox", "whale"],
            engine.Run("$run.ExitCode; $run.Saved; $run.Failed; (Get-ChildItem images -Recurse -File).BaseName | Sort-Object")
                .Select(o => $"{o}"));
    }

    /// <summary>PowerShell shows an empty column for a property that does not exist.</summary>
    [Fact]
    public void Properties_in_examples_exist()
    {
        using var engine = new HelpEngine();
        const string Properties = "[NanoBanana.ImageTask].Assembly.GetExportedTypes().ForEach({ $_.GetProperties().Name })";
        string[] known = [.. engine.Run(Properties).Select(name => $"{name}")];
        string[] commands = ["Format-Table", "Format-List", "Group-Object", "Measure-Object", "Sort-Object"];

        string[] shown = [.. DocumentedExample.All
            .SelectMany(example => Parser.ParseInput(example.Code, out _, out _)
                .FindAll(ast => ast is CommandAst command && commands.Contains(command.GetCommandName()), true))
            .SelectMany(command => ((CommandAst)command).CommandElements.Skip(1))
            .SelectMany(element => element.FindAll(ast => ast is StringConstantExpressionAst, true))
            .Select(name => ((StringConstantExpressionAst)name).Value)];

        Assert.NotEmpty(shown);
        Assert.Empty(shown.Except(known));
    }

    private static DocumentedExample Scheduled =>
        DocumentedExample.All.Single(e => e.Code.Contains("nightly-$day", StringComparison.Ordinal));

    [Fact]
    public void Prerequisites_of_examples_are_known_to_the_tests() =>
        Assert.Empty(DocumentedExample.All.Select(e => e.Needs).Except(
            [null, "the .NET SDK", "a PostgreSQL server", "the example above", "Microsoft.PowerShell.SecretManagement"]));
}
