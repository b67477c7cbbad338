using System.Runtime.CompilerServices;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// The stored form of an input image: an address is unchanged, and a large data URI becomes a note. The note is not an address, so a
/// request without its image is rejected when it is submitted again.
/// </summary>
internal static class SentDataUri
{
    /// <summary>The maximum length of an address that is stored, in characters.</summary>
    private const int MaximumKeptLength = 4096;

    private const string NoteEnd = ", not kept)";

    /// <summary>The notes of images that are still in memory. An image that many requests contain is hashed once.</summary>
    private static readonly ConditionalWeakTable<string, string> Notes = new();

    /// <summary>The address, or a note of its length. This is fast, so it can be used at every change of a task.</summary>
    public static string Shorten(string url) =>
        url.Length <= MaximumKeptLength ? url : Note(url, FormattableString.Invariant($"{url.Length} characters"));

    /// <summary>The address, or a note with the hash of the file.</summary>
    public static string Describe(string url) => url.Length <= MaximumKeptLength ? url : Notes.GetValue(url, NoteOf);

    private static string NoteOf(string url)
    {
        try
        {
            byte[] bytes = Convert.FromBase64String(url.Substring(url.IndexOf(',') + 1));
            return Note(url, FormattableString.Invariant($"{bytes.Length} bytes, SHA-256 {Sha256Hex.Of(bytes)}"));
        }
        catch (FormatException)
        {
            return Shorten(url);
        }
    }

    /// <summary>Whether a text is a note instead of an image.</summary>
    public static bool IsNote(string url) =>
        url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && url.EndsWith(NoteEnd, StringComparison.Ordinal);

    private static string Note(string url, string what) => $"{url.Substring(0, url.IndexOf(',') + 1)}({what}{NoteEnd}";
}
