using System.Text;

namespace NanoBanana.Client.Images.Inline;

/// <summary>Encodes an image in the protocol of iTerm2, which accepts files without conversion.</summary>
internal static class ITerm2Encoder
{
    /// <param name="file">A PNG, JPEG or GIF file. All terminals with this protocol decode these formats.</param>
    /// <param name="place">The place. Width and height are limits, and the terminal keeps the aspect ratio.</param>
    /// <param name="name">The name of the file, which the terminal may show.</param>
    public static string Encode(byte[] file, ImagePlace place, string name)
    {
        string base64Name = Convert.ToBase64String(Encoding.UTF8.GetBytes(TextSafety.Excerpt(name)));
        return FormattableString.Invariant(
            $"\x1b]1337;File=name={base64Name};size={file.Length};width={place.Cells.Columns};height={place.Cells.Rows}")
            + ";preserveAspectRatio=1;inline=1:" + Convert.ToBase64String(file) + "\a";
    }
}
