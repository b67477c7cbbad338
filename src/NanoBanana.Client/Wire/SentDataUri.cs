using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Wire;

/// <summary>
/// An image that was sent along, as it is kept with its request: an address as it is, a large data URI as a note. The
/// note is no address, so that a request which is made again without its image is refused and not bought.
/// </summary>
internal static class SentDataUri
{
    /// <summary>The longest address that is kept, in characters.</summary>
    private const int LongestKept = 4096;

    private const string NoteEnd = ", not kept)";

    /// <summary>The notes of images that are still in memory: an image that goes with many requests is hashed once.</summary>
    private static readonly ConditionalWeakTable<string, string> Notes = new();

    /// <summary>The address, or a note of how long it was. Takes no time, so it can be done at every change of a task.</summary>
    public static string Shorten(string url) =>
        url.Length <= LongestKept ? url : Note(url, FormattableString.Invariant($"{url.Length} characters"));

    /// <summary>The address, or a note by which its file is known again.</summary>
    public static string Describe(string url) => url.Length <= LongestKept ? url : Notes.GetValue(url, NoteOf);

    private static string NoteOf(string url)
    {
        try
        {
            byte[] bytes = Convert.FromBase64String(url.Substring(url.IndexOf(',') + 1));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(bytes);
            return Note(url, FormattableString.Invariant($"{bytes.Length} bytes, SHA-256 {Hex.Of(hash)}"));
        }
        catch (FormatException)
        {
            return Shorten(url);
        }
    }

    /// <summary>Whether it is a note in the place of an image.</summary>
    public static bool IsNote(string url) =>
        url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && url.EndsWith(NoteEnd, StringComparison.Ordinal);

    private static string Note(string url, string what) => $"{url.Substring(0, url.IndexOf(',') + 1)}({what}{NoteEnd}";
}
