using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// The template of the names of saved images: text with fields in braces, such as <c>{index:000}-{name}</c>. The values of fields are made
/// safe for file names. A slash in the template separates folders below the destination.
/// </summary>
public sealed class FileNameTemplate
{
    /// <summary>The fields of templates.</summary>
    public static readonly IReadOnlyList<string> Fields =
        ["name", "source", "index", "variation", "id", "prompt", "batch", "image", "aspect", "resolution", "date", "next"];

    /// <summary>The minimum length to which a text is shortened, in bytes.</summary>
    private const int MinimumFieldBytes = 24;

    /// <summary>Numbers that do not occur as the index of a row or the number of a name.</summary>
    private const int Placeholder = 1987654321, NextPlaceholder = 1987654322;

    private static readonly Regex Field = new(@"\{(?<name>[^{}:]*)(:(?<format>[^{}]*))?\}", RegexOptions.CultureInvariant);

    /// <summary>The id of a task at the end of a name, in both forms of the provider (wire.md).</summary>
    private static readonly Regex TaskId = new(@"(?<=.)-(?=[a-z_]*\d)([a-z0-9]{20}|mmsu_[a-z0-9]{8,})$", RegexOptions.CultureInvariant);

    /// <summary>
    /// The default template: the name of the request, of its input image, or of the first words of the prompt, and the id, which is unique.
    /// </summary>
    public static readonly FileNameTemplate Default = Parse("{name}-{id}");

    private readonly Piece[][] _segments;
    private readonly bool _numbersImages;
    private readonly bool _numbersVariations;

    private FileNameTemplate(string[] segments)
    {
        _segments = [.. segments.Select(segment => Split(segment).ToArray())];
        _numbersImages = Has("image");
        _numbersVariations = Has("variation") || Has("id");
        TakesFreeName = Has("next");
        Piece[] last = _segments[_segments.Length - 1];
        EndsWithId = last.LastOrDefault(piece => piece.Field is not null || piece.Text.Length > 0) is { Field: "id" };
    }

    /// <summary>Whether names end with the id of the task, which is never shortened there. Two tasks then have different names.</summary>
    public bool EndsWithId { get; }

    /// <summary>Whether the next free name is used if a name is taken.</summary>
    public bool TakesFreeName { get; }

    /// <summary>Parses a template.</summary>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: the template is empty, leaves the destination, or has an unknown field.
    /// </exception>
    public static FileNameTemplate Parse(string template)
    {
        string[] segments = template.Split('/', '\\');
        segments[segments.Length - 1] = FileNames.WithoutImageExtension(segments[segments.Length - 1]);
        if (segments.Any(s => s.Trim().Length == 0 || s.Trim().All(c => c == '.')))
            throw Invalid(Messages.TemplateEmpty(TextSafety.Excerpt(template)));
        foreach (Match match in Field.Matches(template))
        {
            string name = match.Groups["name"].Value;
            if (!Fields.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw Invalid(Messages.TemplateFieldUnknown(TextSafety.Excerpt(name), Fields));
        }
        if (segments.Any(s => Field.Replace(s, "").IndexOfAny(['{', '}']) >= 0))
            throw Invalid(Messages.TemplateBraceUnmatched(TextSafety.Excerpt(template)));
        var parsed = new FileNameTemplate(segments);
        parsed.TryFormats(template);
        return parsed;
    }

    /// <summary>The path below the destination, without an extension.</summary>
    /// <param name="task">The task of the image. A variation gets <c>-2</c> if the template has no field for it.</param>
    /// <param name="imageNumber">
    /// The index of the image in the task, from 0. A second image gets <c>-2</c> if the template has no <c>{image}</c>.
    /// </param>
    /// <param name="number">The number of the name, from 1, if the template uses the next free name.</param>
    public string Expand(ImageTask task, int imageNumber, int number = 1)
    {
        string path = "";
        foreach (Piece[] pieces in _segments)
            path = Path.Combine(path, FileNames.Sanitize(Fill(pieces, task, imageNumber, number)));
        if (task.Variation is not null && !_numbersVariations)
            path += "-" + FileNames.Sanitize(task.Variation);
        return imageNumber > 0 && !_numbersImages ? FormattableString.Invariant($"{path}-{imageNumber + 1}") : path;
    }

    /// <summary>Whether a path can belong to the image under another index of its input, or with the id of its task at the end.</summary>
    /// <param name="task">The task of the image.</param>
    /// <param name="imageNumber">The index of the image in the task, from 0.</param>
    /// <param name="path">The path below the destination, without an extension.</param>
    public bool Matches(ImageTask task, int imageNumber, string path)
    {
        string pattern = Regex.Escape(Expand(task with { InputIndex = Placeholder }, imageNumber, NextPlaceholder));
        foreach (Piece piece in _segments.SelectMany(pieces => pieces).Where(piece => piece.Field == "next"))
        {
            string placeholder = Regex.Escape(NumberText(piece.Text, NextPlaceholder));
            pattern = pattern.Replace(placeholder, piece.Text.Length > 0 ? "[0-9]+" : "(-[0-9]+)?");
        }
        foreach (Piece piece in _segments.SelectMany(pieces => pieces).Where(piece => piece.Field == "index"))
            pattern = pattern.Replace(Regex.Escape(Placeholder.ToString(piece.Text, CultureInfo.InvariantCulture)), "[0-9A-Za-z.,]+");
        return Regex.IsMatch(path, $"^{pattern}(-{Regex.Escape(FileNames.Sanitize(task.Id))})?$", RegexOptions.CultureInvariant);
    }

    /// <summary>Splits a segment into texts and fields.</summary>
    private static IEnumerable<Piece> Split(string segment)
    {
        int end = 0;
        foreach (Match match in Field.Matches(segment))
        {
            yield return new Piece(null, segment.Substring(end, match.Index - end));
            yield return new Piece(match.Groups["name"].Value.ToLowerInvariant(), match.Groups["format"].Value);
            end = match.Index + match.Length;
        }
        yield return new Piece(null, segment.Substring(end));
    }

    /// <summary>Fills the fields of a segment. If it is too long, texts are shortened, so a number or an id at the end is kept.</summary>
    private static string Fill(Piece[] pieces, ImageTask task, int imageNumber, int number)
    {
        string[] values = new string[pieces.Length];
        int bytes = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            values[i] = pieces[i].Field switch
            {
                null => pieces[i].Text,
                "next" => NumberText(pieces[i].Text, number),
                _ => Value(pieces[i], task, imageNumber),
            };
            bytes += Encoding.UTF8.GetByteCount(values[i]);
        }
        if (bytes > FileNames.MaximumBytes)
            ShortenTexts(pieces, values, bytes - FileNames.MaximumBytes);
        return string.Concat(values);
    }

    /// <summary>Shortens texts, the longest one first.</summary>
    private static void ShortenTexts(Piece[] pieces, string[] values, int excess)
    {
        foreach (int at in Enumerable.Range(0, pieces.Length).Where(i =>
            pieces[i].Field is "name" or "source" or "prompt" or "batch").OrderByDescending(i => values[i].Length))
        {
            if (excess <= 0)
                break;
            int bytes = Encoding.UTF8.GetByteCount(values[at]);
            values[at] = FileNames.Shorten(values[at], Math.Max(Math.Min(bytes, MinimumFieldBytes), bytes - excess)).TrimEnd();
            excess -= bytes - Encoding.UTF8.GetByteCount(values[at]);
        }
    }

    private static string Value(Piece piece, ImageTask task, int imageNumber)
    {
        string format = piece.Text;
        return piece.Field switch
        {
            "name" when task.Name is not null && FileNames.WithoutImageExtension(task.Name) is var name
                && !string.IsNullOrWhiteSpace(name) => name,
            "index" => (task.InputIndex ?? 0).ToString(format, CultureInfo.InvariantCulture),
            "id" => task.Id,
            // The last part of an address is used last, because it rarely describes the image.
            "name" or "source" when (piece.Field == "source" || task.ImagePath is { Count: > 0 })
                && SourceOf(task) is { Length: > 0 } source => source,
            "variation" when task.Variation is null
                || int.TryParse(task.Variation, NumberStyles.None, CultureInfo.InvariantCulture, out _) =>
                int.Parse(task.Variation ?? "1", CultureInfo.InvariantCulture).ToString(format, CultureInfo.InvariantCulture),
            "variation" => task.Variation,
            "name" or "source" or "prompt" => FileNames.Slug(task.Prompt ?? "") is { Length: > 0 } slug ? slug : "image",
            "batch" => task.Batch ?? "",
            "image" => (imageNumber + 1).ToString(format, CultureInfo.InvariantCulture),
            "aspect" => (task.AspectRatio ?? "").Replace(':', 'x'),
            "resolution" => task.Resolution ?? "",
            _ => task.CreatedAt?.ToLocalTime().ToString(format.Length > 0 ? format : "yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
        };
    }

    /// <summary>The name of the first input image, without its extension and without the id of the task that made it.</summary>
    private static string SourceOf(ImageTask task)
    {
        string name = task.ImagePath is { Count: > 0 } paths ? Path.GetFileName(paths[0])
            : task.ImageUrl is [var url, ..] && Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
                && address.Scheme is "http" or "https"
            ? Uri.UnescapeDataString(address.AbsolutePath.TrimEnd('/').Split('/').Last())
            : "";
        return TaskId.Replace(FileNames.WithoutImageExtension(name), "");
    }

    /// <summary>The number of a name; empty for the first name without a format.</summary>
    private static string NumberText(string format, int number) =>
        format.Length > 0 || number > 1 ? (format.Length > 0 ? "" : "-") + number.ToString(format, CultureInfo.InvariantCulture) : "";

    private bool Has(string field) => _segments.Any(pieces => pieces.Any(piece => piece.Field == field));

    private void TryFormats(string template)
    {
        try
        {
            DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(0);
            _ = Expand(new ImageTask { Id = "id", Status = ImageTaskStatus.Completed, CreatedAt = time }, 0);
        }
        catch (FormatException e)
        {
            throw Invalid(Messages.TemplateFormatInvalid(TextSafety.Excerpt(template), e.Message));
        }
    }

    private static NanoBananaException Invalid(string message) => new(NanoBananaErrorKind.InvalidRequest, message);

    /// <param name="Field">The name of a field; null for a text.</param>
    /// <param name="Text">The text, or the field's format.</param>
    private sealed record Piece(string? Field, string Text);
}
