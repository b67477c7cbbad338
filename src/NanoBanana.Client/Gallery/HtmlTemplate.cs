using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace NanoBanana.Client.Gallery;

/// <summary>A page or a piece of one, from a file of <c>Gallery/Page</c>, with fields such as <c>{{title}}</c>.</summary>
internal sealed class HtmlTemplate
{
    private static readonly Regex Field = new(@"\{\{([a-z-]+)\}\}", RegexOptions.CultureInvariant);

    /// <summary>What stands in the file: text at the even places, names of fields at the odd ones.</summary>
    private readonly string[] _parts;

    private HtmlTemplate(string[] parts) => _parts = parts;

    public static HtmlTemplate Load(string name) => new(Field.Split(ReadText(name)));

    /// <summary>The text of a file, with line ends as a browser sees them: the hash of a script is taken over these.</summary>
    public static string ReadText(string name)
    {
        using var reader = new StreamReader(typeof(HtmlTemplate).Assembly.GetManifestResourceStream($"Gallery.{name}")!);
        return reader.ReadToEnd().Replace("\r\n", "\n");
    }

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="write">Writes what stands for a field, as HTML.</param>
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

    /// <summary>What stands before a field, and what after it.</summary>
    public (HtmlTemplate Before, HtmlTemplate After) SplitAt(string field)
    {
        int at = Array.IndexOf(_parts, field);
        return (new HtmlTemplate([.. _parts.Take(at)]), new HtmlTemplate([.. _parts.Skip(at + 1)]));
    }
}

/// <summary>Text from anywhere as text in a page, never as anything else.</summary>
internal static class Html
{
    // Letters of every language stay readable in the source; what means something to HTML does not stay.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>For the content of an element and for an attribute in double quotes.</summary>
    public static string Escape(string text) => Encoder.Encode(TextSafety.Clean(text));
}
