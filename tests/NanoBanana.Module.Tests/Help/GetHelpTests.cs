using NanoBanana.Module.Tests.Help.Engine;

namespace NanoBanana.Module.Tests.Help;

/// <summary>Get-Help finds the staged help, which covers every command, parameter, error and status.</summary>
[Collection(ProcessWide.Name)]
public sealed class GetHelpTests : IDisposable
{
    private readonly HelpEngine _engine = new();

    public static TheoryData<string> Commands => CommandMetadataTests.Commands;

    public static TheoryData<string> Topics => [.. Paths.Topics.Select(file => Path.GetFileNameWithoutExtension(file))];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_of_a_command_is_complete(string command)
    {
        PSObject help = Assert.Single(_engine.Run($"Get-Help {command} -Full"));

        // If PowerShell finds no help, it creates a synopsis from the syntax.
        Assert.DoesNotContain("[<CommonParameters>]", Text(help, "$args[0].Synopsis"), StringComparison.Ordinal);
        foreach (string part in (string[])
        [
            "Synopsis", "description.Text", "inputTypes.inputType.type.name", "returnValues.returnValue.type.name", "alertSet.alert.Text",
            "relatedLinks.navigationLink.linkText",
        ])
            Assert.NotEqual("", Text(help, "$args[0]." + part));
        Assert.True(int.Parse(Text(help, "@($args[0].examples.example).Count"), System.Globalization.CultureInfo.InvariantCulture) >= 3);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_parameter_has_a_description(string command)
    {
        PSObject help = Assert.Single(_engine.Run($"Get-Help {command} -Full"));
        var cmdlet = (CmdletInfo)_engine.Run($"Get-Command {command}").Single().BaseObject;

        foreach (string name in cmdlet.Parameters.Keys.Where(name => !Cmdlet.CommonParameters.Contains(name)))
            Assert.NotEqual("", Text(help, $"($args[0].parameters.parameter | Where-Object name -eq {name}).description.Text"));
    }

    [Fact]
    public void Parameter_table_shows_the_facts_of_all_parameter_sets()
    {
        string table = Text(null, "Get-Help New-NanoBananaImage -Parameter Prompt | Out-String");

        Assert.Matches(@"Required\? +false", table);
        Assert.Matches(@"Accept pipeline input\? +False in Prompt, True \(ByPropertyName\) in InputObject", table);
        Assert.Matches(@"Accept wildcard characters\? +false", table);
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Topic_is_found(string topic)
    {
        string text = Text(null, $"Get-Help {topic}");

        Assert.StartsWith($"TOPIC\n    {topic}\n\nSHORT DESCRIPTION\n", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Errors_topic_lists_every_error_id_and_provider_code()
    {
        string[] lines = Text(null, "Get-Help about_NanoBanana_Errors").Split('\n', StringSplitOptions.TrimEntries);

        Assert.All(_engine.Run("[Enum]::GetNames([NanoBanana.NanoBananaErrorKind])"), id => Assert.Contains(id.ToString(), lines));
        Assert.All((string[])["005001095", "005001096", "005001097", "005001098"], code => Assert.Contains(code, lines));
    }

    [Fact]
    public void First_topic_lists_every_command_and_status()
    {
        string text = Text(null, "Get-Help about_NanoBanana");

        Assert.All(
            _engine.Run("(Get-Module NanoBanana).ExportedCmdlets.Keys"),
            command => Assert.Contains(command.ToString(), text, StringComparison.Ordinal));
        Assert.All(
            _engine.Run("[Enum]::GetNames([NanoBanana.ImageTaskStatus])"),
            status => Assert.Contains($"{status}: ", text, StringComparison.Ordinal));
    }

    private string Text(PSObject? argument, string script)
    {
        _engine.Set("given", argument is null ? [] : new[] { argument });
        return string.Join('\n', _engine.Run($"& {{ {script} }} @given").Select(value => value?.ToString() ?? "")).Trim();
    }
}
