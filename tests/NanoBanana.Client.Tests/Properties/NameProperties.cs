using System.Text;
using CsCheck;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Properties;

/// <summary>A name is safe on every platform, for every source text.</summary>
public sealed class NameProperties
{
    private static readonly string[] Traps =
    [
        "..", "/", "\\", "CON", "nul", "COM1", "lpt9", ".", " ", ":", "\0", "\u202E", "\u200D", "e\u200B\u0301", "\uD800", "\uDC00", "🦊",
        "狐", "~", "-", "$", "{id}", "%2e", "\uFFFF", "\r\n", "ﬁ", "ß", "\u0345",
    ];

    /// <summary>UTF-16 text with unpaired surrogates and with known problem cases.</summary>
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.Char.Array[0, 40].Select(c => new string(c)), Gen.OneOf(Traps), Gen.String.AlphaNumeric, Gen.Const(new string('狐', 300)))
        .Array[0, 6].Select(string.Concat);

    private static readonly Gen<string> AnyTemplate = Gen.OneOf(
        Gen.OneOf(FileNameTemplate.Fields.Select(f => $"{{{f}}}").ToArray()),
        Gen.OneOf("{index:000}", "{date:yyyy}", "{image:00}", "a", "-", "/", "\\", ".", " ", "..", "{", "}", "CON"))
        .Array[1, 6].Select(string.Concat);

    [Fact]
    public void A_segment_is_complete_short_and_cannot_leave_its_folder() => AnyText.Sample(
        text =>
        {
            string name = FileNames.Sanitize(text);
            return name.Length > 0
                && Encoding.UTF8.GetByteCount(name) <= FileNames.MaximumBytes
                && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) == name
                && name.IsNormalized(NormalizationForm.FormC)
                && name.Trim(' ', '.') == name
                && name[0] != '-'
                && !name.Any(c => char.IsControl(c) || TextSafety.IsDangerous(c) || "<>:\"/\\|?*".Contains(c));
        },
        iter: 10_000);

    [Fact]
    public void Sanitizing_a_sanitized_name_does_not_change_it() => AnyText.Sample(
        text =>
        {
            string name = FileNames.Sanitize(text);
            return FileNames.Sanitize(name) == name;
        },
        iter: 10_000);

    [Fact]
    public void An_image_stays_below_its_destination() => Gen.Select(AnyTemplate, AnyText, Gen.Int[0, 3]).Sample(
        (template, text, image) =>
        {
            FileNameTemplate parsed;
            try
            {
                parsed = FileNameTemplate.Parse(template);
            }
            catch (NanoBananaException)
            {
                return true;
            }
            var task = new ImageTask
            {
                Id = text, Status = ImageTaskStatus.Completed, Name = text, Prompt = text, Batch = text, AspectRatio = text,
                Resolution = text,
            };
            string root = Path.GetFullPath("destination") + Path.DirectorySeparatorChar;
            string path = Path.GetFullPath(Path.Combine("destination", parsed.Expand(task, image)));
            return path.StartsWith(root, StringComparison.Ordinal)
                && path[root.Length..].Split(Path.DirectorySeparatorChar).All(s => Encoding.UTF8.GetByteCount(s) <= 255 - 10);
        },
        iter: 10_000);

    [Fact]
    public void Names_with_one_key_have_it_in_every_case_and_form() => AnyText.Sample(
        text =>
        {
            string name = FileNames.Sanitize(text);
            string key = FileNames.ComparisonKey(name);
            return key == FileNames.ComparisonKey(name.Normalize(NormalizationForm.FormD))
                && key == FileNames.ComparisonKey(name.ToUpperInvariant());
        },
        iter: 10_000);

    [Fact]
    public void Cleaning_a_cleaned_text_does_not_change_it() =>
        AnyText.Sample(text => TextSafety.Clean(TextSafety.Clean(text)) == TextSafety.Clean(text), iter: 10_000);
}
