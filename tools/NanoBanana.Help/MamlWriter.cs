using System.Text;
using System.Xml;

namespace NanoBanana.Help;

/// <summary>
/// Writes the XML that Get-Help reads. The schema is in
/// https://learn.microsoft.com/powershell/scripting/developer/help/creating-the-cmdlet-help-file.
/// </summary>
internal static class MamlWriter
{
    public const string Maml = "http://schemas.microsoft.com/maml/2004/10";
    public const string Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    public const string Dev = "http://schemas.microsoft.com/maml/dev/2004/10";
    private const int TitleWidth = 64;

    public static string Write(IEnumerable<CommandPage> pages)
    {
        var text = new Utf8Text();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("helpItems", "http://msh");
            xml.WriteAttributeString("schema", "maml");
            foreach (CommandPage page in pages)
                WriteCommand(xml, page);
            xml.WriteEndElement();
        }
        return text.ToString();
    }

    public static void WriteParagraphs(XmlWriter xml, string element, string space, IEnumerable<string> paragraphs)
    {
        xml.WriteStartElement(element, space);
        foreach (string paragraph in paragraphs)
            xml.WriteElementString("para", Maml, paragraph);
        xml.WriteEndElement();
    }

    private static void WriteCommand(XmlWriter xml, CommandPage page)
    {
        string[] name = page.Name.Split('-', 2);
        xml.WriteStartElement("command", "command", Command);
        xml.WriteAttributeString("xmlns", "maml", null, Maml);
        xml.WriteAttributeString("xmlns", "dev", null, Dev);

        xml.WriteStartElement("details", Command);
        xml.WriteElementString("name", Command, page.Name);
        xml.WriteElementString("verb", Command, name[0]);
        xml.WriteElementString("noun", Command, name[^1]);
        WriteParagraphs(xml, "description", Maml, page.Synopsis);
        xml.WriteEndElement();

        WriteParagraphs(xml, "description", Maml, page.Description);
        MamlParameters.WriteSyntax(xml, page);
        MamlParameters.Write(xml, page);
        WriteTypes(xml, "inputTypes", "inputType", page.Inputs);
        WriteTypes(xml, "returnValues", "returnValue", page.Outputs);
        xml.WriteStartElement("alertSet", Maml);
        WriteParagraphs(xml, "alert", Maml, page.Notes);
        xml.WriteEndElement();
        WriteExamples(xml, page.Examples);
        WriteLinks(xml, page);
        xml.WriteEndElement();
    }

    private static void WriteTypes(XmlWriter xml, string listElement, string itemElement, IEnumerable<TypeDescription> types)
    {
        xml.WriteStartElement(listElement, Command);
        foreach (TypeDescription type in types)
        {
            xml.WriteStartElement(itemElement, Command);
            xml.WriteStartElement("type", Dev);
            xml.WriteElementString("name", Maml, type.Type);
            xml.WriteEndElement();
            WriteParagraphs(xml, "description", Maml, type.Description);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void WriteExamples(XmlWriter xml, IEnumerable<CommandExample> examples)
    {
        xml.WriteStartElement("examples", Command);
        foreach (CommandExample example in examples)
        {
            string dashes = new('-', Math.Max(3, (TitleWidth - example.Title.Length) / 2));
            xml.WriteStartElement("example", Command);
            xml.WriteElementString("title", Maml, $"{dashes} {example.Title} {dashes}");
            // Get-Help keeps the lines and spaces of the code only, so the output is a part of it.
            xml.WriteElementString("code", Dev, example.Output is null ? example.Code : $"{example.Code}\n\n{example.Output}");
            // The empty paragraph adds a blank line before the next example.
            WriteParagraphs(xml, "remarks", Dev, [.. example.Remarks, ""]);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void WriteLinks(XmlWriter xml, CommandPage page)
    {
        IEnumerable<RelatedLink> online = page.OnlineVersion.Length > 0 ? [new RelatedLink("Online version:", page.OnlineVersion)] : [];
        xml.WriteStartElement("relatedLinks", Command);
        foreach (RelatedLink link in online.Concat(page.Links))
        {
            xml.WriteStartElement("navigationLink", Maml);
            xml.WriteElementString("linkText", Maml, link.Text);
            xml.WriteElementString("uri", Maml, link.Address);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    /// <summary>Text whose XML declaration has the encoding of the file.</summary>
    private sealed class Utf8Text() : StringWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
