using System.Text;

namespace NanoBanana.Client.Text;

/// <summary>
/// Hides a key in a text in any form in which a server may repeat it: plain, in another case, with characters between its letters, escaped
/// in several layers, as base64 or as hexadecimal. Only letters and digits are compared, layer by layer.
/// </summary>
internal sealed class KeyMask
{
    /// <summary>
    /// The minimum number of letters and digits of a key that no word contains by chance. A shorter key is hidden only where it is a whole
    /// word.
    /// </summary>
    private const int MinimumInText = 8;

    /// <summary>The minimum number of letters and digits of a key that no id, address or image data contains by chance.</summary>
    private const int MinimumCertain = 16;

    /// <summary>A key with fewer letters and digits is hidden only in its exact form: "a b" is not the key "ab".</summary>
    private const int MinimumFuzzy = 4;

    /// <summary>The maximum number of layers of escapes that are decoded. Each layer makes the text shorter.</summary>
    private const int Layers = 8;

    private readonly string _key;
    private readonly string _mask;
    private readonly string[] _forms;
    private readonly bool _isWord;
    private readonly string _letters;

    /// <param name="key">The key.</param>
    /// <param name="mask">The replacement.</param>
    public KeyMask(string key, string mask)
    {
        _key = key;
        _mask = mask;
        _letters = LettersOf(key);
        _isWord = _letters.Length < MinimumInText;
        _forms = _letters.Length < MinimumFuzzy ? [] : _isWord ? [_letters] : [_letters, .. EncodedForms(key).Distinct()];
    }

    /// <summary>Whether the key is so long that no other text looks like it by chance.</summary>
    public bool IsCertain => _letters.Length >= MinimumCertain;

    /// <summary>Whether a text consists of the key only.</summary>
    public bool IsAllOf(string text) =>
        text == _key || (_letters.Length >= MinimumFuzzy && text.Length <= 2 * _key.Length && LettersOf(text) == _letters);

    /// <summary>Masks the key in a text.</summary>
    public string Apply(string text)
    {
        if (IsAbsent(text.AsSpan()))
            return text;
        List<(int Start, int End)>? found = null;
        UnescapedText? layer = UnescapedText.Of(text);
        for (int depth = 0; depth <= Layers && layer is not null; depth++, layer = layer.Next())
        {
            if (_forms.Length == 0)
                FindExact(layer, ref found);
            foreach (string form in _forms)
                Find(layer, form, ref found);
        }
        return found is null ? text : Replace(text, found);
    }

    /// <summary>Whether a text certainly does not contain the key, including escaped forms and letters of other widths.</summary>
    public bool IsAbsent(ReadOnlySpan<char> text)
    {
        if (_forms.Length == 0 && text.IndexOf(_key.AsSpan()) >= 0)
            return false;
        foreach (char c in text)
        {
            if (c >= 128 || UnescapedText.IsEscape(c))
                return false;
        }
        foreach (string form in _forms)
        {
            if (Find(text, form, 0).End > 0)
                return false;
        }
        return true;
    }

    private void Find(UnescapedText layer, string form, ref List<(int Start, int End)>? found)
    {
        ReadOnlySpan<char> text = layer.Text.AsSpan();
        for ((int start, int end) = Find(text, form, 0); end > 0; (start, end) = Find(text, form, end))
            (found ??= []).Add((layer.SourceIndexOf(start), layer.SourceIndexOf(end)));
    }

    /// <summary>The next position of a form; an end of -1 if it is not found.</summary>
    private (int Start, int End) Find(ReadOnlySpan<char> text, string form, int start)
    {
        for (; start + form.Length <= text.Length; start++)
        {
            if (Lower(text[start]) == form[0] && EndOf(text, start, form) is > 0 and var end && IsAllowed(text, start, end))
                return (start, end);
        }
        return (-1, -1);
    }

    private void FindExact(UnescapedText layer, ref List<(int Start, int End)>? found)
    {
        string text = layer.Text;
        int from = 0;
        for (int start; (start = text.IndexOf(_key, from, StringComparison.Ordinal)) >= 0; from = start + _key.Length)
        {
            if (IsAllowed(text.AsSpan(), start, start + _key.Length))
                (found ??= []).Add((layer.SourceIndexOf(start), layer.SourceIndexOf(start + _key.Length)));
        }
    }

    private bool IsAllowed(ReadOnlySpan<char> text, int start, int end) =>
        !_isWord || !((start > 0 && char.IsLetterOrDigit(text[start - 1])) || (end < text.Length && char.IsLetterOrDigit(text[end])));

    /// <summary>
    /// The end of a form that starts at a position, ignoring characters that are not letters or digits; -1 if the form is not there.
    /// </summary>
    private static int EndOf(ReadOnlySpan<char> text, int start, string form)
    {
        int matched = 0;
        for (int i = start; i < text.Length; i++)
        {
            if (!char.IsLetterOrDigit(text[i]))
                continue;
            if (Lower(text[i]) != form[matched])
                return -1;
            if (++matched == form.Length)
                return i + 1;
        }
        return -1;
    }

    private string Replace(string text, List<(int Start, int End)> found)
    {
        var masked = new StringBuilder(text.Length);
        int at = 0;
        foreach ((int start, int end) in found.OrderBy(place => place.Start))
        {
            if (start >= at)
                masked.Append(text, at, start - at).Append(_mask);
            at = Math.Max(at, end);
        }
        return masked.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>
    /// The key as hexadecimal, and as base64 at each of the three possible offsets, without the characters that depend on the neighboring
    /// bytes.
    /// </summary>
    private static IEnumerable<string> EncodedForms(string key)
    {
        yield return string.Concat(key.Select(c => ((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
        for (int before = 0; before < 3; before++)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(new string('\0', before) + key);
            int first = (before * 8 + 5) / 6;
            string certain = Convert.ToBase64String(bytes).Substring(first, bytes.Length * 8 / 6 - first);
            yield return LettersOf(certain);
        }
    }

    private static string LettersOf(string text) => string.Concat(text.Where(char.IsLetterOrDigit).Select(Lower));

    private static char Lower(char c) => c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c;
}
