using System.Text.RegularExpressions;
using NanoBanana.Help;
using NanoBanana.Module.Tests.Help.Engine;

namespace NanoBanana.Module.Tests.Help;

/// <summary>
/// The output that the help shows after an example has the shape of the output of the module. Ids, numbers, times, sizes and
/// folders differ from run to run, and so does the order of tasks that end.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed partial class ExampleOutputTests
{
    /// <summary>Get-Help indents examples by 4 in a terminal of 80 columns.</summary>
    private const int Width = 76;

    /// <summary>What an example needs before it, by its page and number. The session is connected to an emulator.</summary>
    private static readonly Dictionary<string, string> Preparations = new()
    {
        ["Get-NanoBananaTask 1"] = "Get-Content prompts.txt | New-NanoBananaImage | Wait-NanoBananaTask",
    };

    private static readonly (string Where, CommandExample Example)[] All = [.. Paths.CommandPages.SelectMany(file =>
        CommandPageReader.Read(MarkdownPage.Load(file), []).Examples
            .Select((example, i) => ($"{Path.GetFileNameWithoutExtension(file)} {i + 1}", example))
            .Where(one => one.example.Output is not null))];

    public static TheoryData<string> Examples => [.. All.Select(one => one.Where)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Output_has_the_shape_of_the_real_output(string where)
    {
        CommandExample example = All.Single(one => one.Where == where).Example;
        using var engine = new HelpEngine();
        engine.Run("Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana");
        if (Preparations.TryGetValue(where, out string? preparation))
            engine.Run(preparation);

        IReadOnlyList<string> shown = engine.Show(example.Code, Width);

        string[] expected = Shape(example.Output!.Split('\n')), actual = Shape(shown);
        Assert.True(
            expected.SequenceEqual(actual),
            $"The help shows:\n{example.Output}\n\nThe module shows:\n{string.Join('\n', shown)}");
    }

    [Fact]
    public void Preparations_belong_to_examples_with_output() =>
        Assert.Empty(Preparations.Keys.Except(All.Select(one => one.Where)));

    /// <summary>The lines without blank lines and without everything that differs from run to run, in alphabetical order.</summary>
    private static string[] Shape(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.Trim().Length > 0).Select(ShapeOf).Order(StringComparer.Ordinal)];

    private static string ShapeOf(string line)
    {
        string shape = Folder().Replace(line, "<folder>");
        shape = Id().Replace(shape, "<id>");
        shape = Size().Replace(shape, "<size>");
        shape = Number().Replace(shape, "<n>");
        // The width of a column depends on its content.
        return Gap().Replace(shape, " ").Trim();
    }

    [GeneratedRegex("(?<=Directory: ).*")]
    private static partial Regex Folder();

    /// <summary>An id, or the end of an id in the shortened name of a file.</summary>
    [GeneratedRegex(@"\b[0-9a-v]{20}\b|(?<=…)[0-9a-v]+(?=\.)")]
    private static partial Regex Id();

    [GeneratedRegex(@"[0-9.]+ (B|KB|MB)\b")]
    private static partial Regex Size();

    [GeneratedRegex("[0-9]+([.:][0-9]+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+|-{2,}")]
    private static partial Regex Gap();
}
