using System.Globalization;
using System.Reflection;
using NanoBanana.Help;
using NanoBanana.Module.Tests.Help.Engine;

namespace NanoBanana.Module.Tests.Help;

/// <summary>The help pages match the commands.</summary>
[Collection(ProcessWide.Name)]
public sealed class CommandMetadataTests : IDisposable
{
    /// <summary>Limits that apply only if the command line has them, so the initial value of the property is not their default.</summary>
    private static readonly string[] WithoutDefault =
    [
        "RequestsPerMinute", "MaximumImagesPerDay", "MaximumTokensPerDay", "MaximumCostPerDay", "MaximumCostPerImage", "MaximumImages",
        "MaximumTokens", "MaximumCost", "First",
    ];

    private readonly HelpEngine _engine = new();

    public static TheoryData<string> Commands => [.. Paths.CommandPages.Select(file => Path.GetFileNameWithoutExtension(file))];

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Every_exported_command_has_a_page_and_every_page_has_a_command() =>
        Assert.Equal(
            _engine.Run("(Get-Module NanoBanana).ExportedCommands.Keys").Select(name => name.ToString()).Order(StringComparer.Ordinal),
            Paths.CommandPages.Select(file => Path.GetFileNameWithoutExtension(file)));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Parameter_sets_match_the_help(string command)
    {
        (CmdletInfo cmdlet, CommandPage page) = Get(command);

        Assert.Equal(cmdlet.ParameterSets.Select(set => NameOf(set.Name)).Order(), page.Syntax.Select(set => set.Name).Order());
        if (cmdlet.ParameterSets.Count > 1)
            Assert.Equal(cmdlet.DefaultParameterSet, page.Syntax.Single(set => set.IsDefault).Name);
        foreach (CommandParameterSetInfo set in cmdlet.ParameterSets)
            Assert.Equal(
                OwnParameters(set).Select(p => p.Name).Order(),
                page.Syntax.Single(s => s.Name == NameOf(set.Name)).Items.Select(i => i.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Parameter_facts_match_the_help(string command)
    {
        (CmdletInfo cmdlet, CommandPage page) = Get(command);

        foreach (CommandParameterSetInfo set in cmdlet.ParameterSets)
        {
            foreach (CommandParameterInfo parameter in OwnParameters(set))
            {
                ParameterFacts facts = page.Parameters.Single(p => p.Name == parameter.Name).In(NameOf(set.Name))!;
                Assert.Equal(Describe(parameter), Describe(parameter.Name, facts));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Accepted_values_match_the_help(string command)
    {
        (CmdletInfo cmdlet, CommandPage page) = Get(command);

        foreach (CommandParameter parameter in page.Parameters)
        {
            IEnumerable<string> accepted = AcceptedBy(cmdlet.Parameters[parameter.Name]);
            Assert.All(parameter.Facts, facts => Assert.Equal(accepted, facts.AcceptedValues));
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Default_values_match_the_help(string command)
    {
        (CmdletInfo cmdlet, CommandPage page) = Get(command);
        object fresh = Activator.CreateInstance(cmdlet.ImplementingType)!;

        foreach (CommandParameter parameter in page.Parameters)
        {
            string? value = DefaultOf(parameter, cmdlet.ImplementingType.GetProperty(parameter.Name), fresh);
            if (value is not null)
                Assert.All(
                    parameter.Facts, facts => Assert.Equal($"{parameter.Name}: {value}", $"{parameter.Name}: {facts.DefaultValue}"));
        }
        (fresh as IDisposable)?.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Wildcard_support_matches_the_help(string command)
    {
        (CmdletInfo cmdlet, CommandPage page) = Get(command);

        foreach (CommandParameter parameter in page.Parameters)
        {
            bool isPattern = cmdlet.Parameters[parameter.Name].Attributes.OfType<SupportsWildcardsAttribute>().Any();
            Assert.All(
                parameter.Facts, facts => Assert.Equal($"{parameter.Name}: {isPattern}", $"{parameter.Name}: {facts.AcceptsWildcards}"));
        }
    }

    /// <summary>PowerShell shows HelpMessage beside a completion and in the prompt for a missing mandatory parameter.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public void HelpMessage_is_the_first_sentence_of_the_description(string command)
    {
        (CmdletInfo cmdlet, CommandPage page) = Get(command);

        foreach (CommandParameterSetInfo set in cmdlet.ParameterSets)
        {
            foreach (CommandParameterInfo parameter in DeclaredParameters(cmdlet, set))
            {
                string text = page.Parameters.Single(p => p.Name == parameter.Name).Description[0];
                string sentence = text.Split(". ")[0].TrimEnd('.') + ".";
                Assert.Equal($"{parameter.Name}: {sentence}", $"{parameter.Name}: {parameter.HelpMessage}");
                Assert.InRange(sentence.Length, 1, 110);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Parameters_have_the_same_order_in_command_syntax_and_help(string command)
    {
        (CmdletInfo cmdlet, CommandPage page) = Get(command);

        foreach (CommandParameterSetInfo set in cmdlet.ParameterSets)
        {
            string[] shown = [.. page.Syntax.Single(one => one.Name == NameOf(set.Name)).Items.Select(item => item.Name)];
            // The order of Get-Command -Syntax. PowerShell's own parameters are last, in PowerShell's order.
            IEnumerable<string> declared = DeclaredParameters(cmdlet, set)
                .OrderBy(p => p.Position < 0 ? int.MaxValue : p.Position).ThenByDescending(p => p.IsMandatory).Select(p => p.Name);
            Assert.Equal(declared, shown.Take(declared.Count()));
            Assert.Equal(shown, page.Parameters.Select(parameter => parameter.Name).Where(name => shown.Contains(name)));
        }
    }

    /// <summary>The default value that the help must show; null if the command computes it.</summary>
    /// <param name="parameter">The parameter in the help.</param>
    /// <param name="property">Its property; null for a parameter of PowerShell, such as -WhatIf.</param>
    /// <param name="fresh">A new instance of the command.</param>
    private static string? DefaultOf(CommandParameter parameter, PropertyInfo? property, object fresh)
    {
        if (WithoutDefault.Contains(parameter.Name))
            return "None";
        return property is not null
            ? Convert.ToString(property.GetValue(fresh), CultureInfo.InvariantCulture) is { Length: > 0 } value ? value : null
            : parameter.Facts[0].IsSwitch ? "False" : null;
    }

    private (CmdletInfo Cmdlet, CommandPage Page) Get(string command)
    {
        var problems = new ProblemList();
        string file = Paths.CommandPages.Single(path => Path.GetFileNameWithoutExtension(path) == command);
        CommandPage page = CommandPageReader.Read(MarkdownPage.Load(file), problems);
        Assert.Empty(problems);
        return ((CmdletInfo)_engine.Run($"Get-Command {command}").Single().BaseObject, page);
    }

    private static IEnumerable<CommandParameterInfo> OwnParameters(CommandParameterSetInfo set) =>
        set.Parameters.Where(p => !Cmdlet.CommonParameters.Contains(p.Name));

    /// <summary>The parameters without those that PowerShell adds, such as -WhatIf.</summary>
    private static IEnumerable<CommandParameterInfo> DeclaredParameters(CmdletInfo cmdlet, CommandParameterSetInfo set) =>
        OwnParameters(set).Where(parameter => cmdlet.ImplementingType.GetProperty(parameter.Name) is not null);

    private static string NameOf(string set) => set == ParameterAttribute.AllParameterSets ? "(All)" : set;

    private static string Describe(CommandParameterInfo p) => string.Join(
        " | ", p.Name, (Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType).Name, p.IsMandatory,
        p.Position < 0 ? "Named" : p.Position,
        (p.ValueFromPipelineByPropertyName, p.ValueFromPipeline) switch
        {
            (true, true) => "True (ByPropertyName, ByValue)",
            (true, false) => "True (ByPropertyName)",
            (false, true) => "True (ByValue)",
            _ => "False",
        },
        string.Join(", ", p.Aliases.Order(StringComparer.Ordinal)));

    private static string Describe(string name, ParameterFacts facts) => string.Join(
        " | ", name, facts.Type, facts.IsRequired, facts.Position is { } position ? position : "Named",
        facts.PipelineInput, string.Join(", ", facts.Aliases.Order(StringComparer.Ordinal)));

    /// <summary>The allowed values of an enum, a ValidateSet or the model table.</summary>
    private IEnumerable<string> AcceptedBy(ParameterMetadata parameter)
    {
        Type one = parameter.ParameterType.GetElementType() ?? parameter.ParameterType;
        if (one.IsEnum)
            return Enum.GetNames(one);
        if (parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set)
            return set.ValidValues;
        return parameter.Name switch
        {
            "AspectRatio" or "Resolution" => FromModel(parameter.Name + "s"),
            "ResponseModality" => FromModel("ResponseModalities"),
            "Status" => _engine.Run("[enum]::GetNames([NanoBanana.ImageTaskStatus])").Select(name => $"{name}"),
            _ => [],
        };
    }

    private IEnumerable<string> FromModel(string property) =>
        _engine.Run($"[NanoBanana.ImageModel]::{property}").Select(value => value.ToString());
}
