using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace NanoBanana.Client.Gallery;

/// <summary>Text from anywhere as text in a page, never as anything else.</summary>
internal static class Html
{
    // Letters of every language stay readable in the source; what means something to HTML does not stay.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>For the content of an element and for an attribute in double quotes.</summary>
    public static string Escape(string text) => Encoder.Encode(TextSafety.Clean(text));
}
