using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace NanoBanana.Client.Gallery;

/// <summary>A page or a part of it, from a file in <c>Gallery/Page</c>, with fields such as <c>{{title}}</c>.</summary>
internal sealed class HtmlTemplate
{
    private static readonly Regex Field = new(@"\{\{([a-z-]+)\}\}", RegexOptions.CultureInvariant);

    /// <summary>The content of the file: texts at even positions, and names of fields at odd ones.</summary>
    private readonly string[] _parts;

    private HtmlTemplate(string[] parts) => _parts = parts;

    public static HtmlTemplate Load(string name) => new(Field.Split(ReadText(name)));

    /// <summary>
    /// The text of a file, with line ends in the form of a browser, because the hash of a script is computed from that form.
    /// </summary>
    public static string ReadText(string name)
    {
        using var reader = new StreamReader(typeof(HtmlTemplate).Assembly.GetManifestResourceStream($"Gallery.{name}")!);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }

    /// <summary>Writes the page.</summary>
    /// <param name="output">The writer of the page.</param>
    /// <param name="write">Writes the value of a field, as HTML.</param>
    public void Write(TextWriter output, Action<string> write)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            if (i % 2 == 0)
                output.Write(_parts[i]);
            else
                write(_parts[i]);
        }
    }

    /// <summary>The parts before and after a field.</summary>
    public (HtmlTemplate Before, HtmlTemplate After) SplitAt(string field)
    {
        int at = Array.IndexOf(_parts, field);
        return (new HtmlTemplate([.. _parts.Take(at)]), new HtmlTemplate([.. _parts.Skip(at + 1)]));
    }
}

/// <summary>Escapes text for a page.</summary>
internal static class Html
{
    // Letters of all languages are not escaped; characters with a meaning in HTML are.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Escapes text for the content of an element and for an attribute in double quotation marks.</summary>
    public static string Escape(string text) => Encoder.Encode(TextSafety.Clean(text));
}
