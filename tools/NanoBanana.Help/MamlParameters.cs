using System.Globalization;
using System.Xml;

namespace NanoBanana.Help;

/// <summary>Writes the parameters of a command: in the syntax of each set, and as a list.</summary>
internal static class MamlParameters
{
    public static void WriteSyntax(XmlWriter xml, CommandPage page)
    {
        xml.WriteStartElement("syntax", MamlWriter.Command);
        foreach (SyntaxSet set in page.Syntax.OrderByDescending(set => set.IsDefault))
        {
            xml.WriteStartElement("syntaxItem", MamlWriter.Command);
            xml.WriteElementString("name", MamlWriter.Maml, page.Name);
            foreach (SyntaxItem item in set.Items)
            {
                CommandParameter parameter = page.Parameters.First(p => p.Name == item.Name);
                WriteOne(xml, parameter, [parameter.In(set.Name)!], isSyntax: true);
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    public static void Write(XmlWriter xml, CommandPage page)
    {
        xml.WriteStartElement("parameters", MamlWriter.Command);
        foreach (CommandParameter parameter in page.Parameters)
            WriteOne(xml, parameter, parameter.Facts, isSyntax: false);
        xml.WriteEndElement();
    }

    private static void WriteOne(XmlWriter xml, CommandParameter parameter, IReadOnlyList<ParameterFacts> bySet, bool isSyntax)
    {
        ParameterFacts facts = bySet[0];
        bool isArray = facts.Type.EndsWith("[]", StringComparison.Ordinal);
        xml.WriteStartElement("parameter", MamlWriter.Command);
        xml.WriteAttributeString("required", TrueOrFalse(bySet.All(set => set.IsRequired)));
        xml.WriteAttributeString("variableLength", TrueOrFalse(isArray));
        xml.WriteAttributeString("globbing", TrueOrFalse(bySet.Any(set => set.AcceptsWildcards)));
        xml.WriteAttributeString("pipelineInput", ValueBySet(bySet, set => set.PipelineInput));
        xml.WriteAttributeString("position", ValueBySet(bySet, set => set.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"));
        xml.WriteAttributeString("aliases", facts.Aliases.Count > 0 ? string.Join(", ", facts.Aliases) : "none");
        xml.WriteElementString("name", MamlWriter.Maml, parameter.Name);
        MamlWriter.WriteParagraphs(xml, "description", MamlWriter.Maml, Text(parameter, facts));
        // With a value in the syntax, a switch would look like a parameter with a value.
        if (!isSyntax || !facts.IsSwitch)
            WriteValue(xml, facts, isArray);
        xml.WriteStartElement("type", MamlWriter.Dev);
        xml.WriteElementString("name", MamlWriter.Maml, facts.Type);
        xml.WriteEndElement();
        xml.WriteElementString("defaultValue", MamlWriter.Dev, facts.DefaultValue);
        xml.WriteEndElement();
    }

    /// <summary>
    /// A fact as text. If the parameter sets differ in it, each value is followed by its sets. Get-Help shows this text unchanged. It shows
    /// the attribute required only as true or false.
    /// </summary>
    private static string ValueBySet(IReadOnlyList<ParameterFacts> bySet, Func<ParameterFacts, string> fact)
    {
        IGrouping<string, ParameterFacts>[] values = [.. bySet.GroupBy(fact)];
        return values.Length == 1
            ? values[0].Key
            : string.Join(", ", values.Select(group => $"{group.Key} in {string.Join(" and ", group.SelectMany(set => set.Sets))}"));
    }

    private static void WriteValue(XmlWriter xml, ParameterFacts facts, bool isArray)
    {
        xml.WriteStartElement("parameterValue", MamlWriter.Command);
        xml.WriteAttributeString("required", TrueOrFalse(!facts.IsSwitch));
        xml.WriteAttributeString("variableLength", TrueOrFalse(isArray));
        xml.WriteString(facts.Type);
        xml.WriteEndElement();
    }

    /// <summary>The description with the accepted values, because Get-Help does not show them.</summary>
    private static IEnumerable<string> Text(CommandParameter parameter, ParameterFacts facts) => facts.AcceptedValues.Count == 0
        ? parameter.Description
        : [.. parameter.Description, $"Accepted values: {string.Join(", ", facts.AcceptedValues)}."];

    private static string TrueOrFalse(bool value) => value ? "true" : "false";
}
