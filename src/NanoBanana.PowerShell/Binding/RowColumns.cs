using NanoBanana.Client.Files;
using NanoBanana.Commands;

namespace NanoBanana.Binding;

/// <summary>A parameter of New-NanoBananaImage that a column of a row can give by its name.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Aliases">Its other names.</param>
/// <param name="Synonyms">Names that mean it but do not bind, without spaces and signs. A row with such a column is refused.</param>
/// <param name="Possible">Names that can also mean something else, for a warning.</param>
/// <param name="RefusesTypos">
/// Whether a column whose name differs only by a typo is refused. Short names are similar to too many words.
/// </param>
internal sealed record RowColumn(string Parameter, string[] Aliases, string[] Synonyms, string[] Possible, bool RefusesTypos = true)
{
    /// <summary>
    /// Whether a value under a name, as <see cref="Plain"/> makes it, is certainly a value of the parameter. Null if any text can be one.
    /// </summary>
    public Func<string, string, bool>? Fits { get; init; }

    /// <summary>Sets the parameter as PowerShell's binder does; null removes its value.</summary>
    public required Action<NewNanoBananaImageCommand, object?> Set { get; init; }

    /// <summary>The value of the parameter.</summary>
    public required Func<NewNanoBananaImageCommand, object?> Get { get; init; }

    /// <summary>Whether a property with this name binds to the parameter.</summary>
    public bool Binds(string name) =>
        name.Equals(Parameter, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The property of a row that binds to the parameter; null if no property does.</summary>
    public PSPropertyInfo? Of(PSObject row) => row.Properties[Parameter] ?? Aliases.Select(alias =>
        row.Properties[alias]).FirstOrDefault(p => p is not null);

    /// <summary>Whether a name that does not bind certainly means the parameter.</summary>
    /// <param name="name">The name, as <see cref="Plain"/> makes it.</param>
    public bool IsMeant(string name) => Synonyms.Contains(name)
        || Aliases.Prepend(Parameter).Any(known => Plain(known) is var own && (own == name || (RefusesTypos && IsTypo(own, name))));

    /// <summary>Whether a name that does not bind can mean the parameter.</summary>
    /// <param name="name">The name, as <see cref="Plain"/> makes it.</param>
    public bool CanBeMeant(string name) => Possible.Contains(name) || (!RefusesTypos && IsTypo(Plain(Parameter), name));

    /// <summary>A name in lower case, without spaces, signs, and a byte order mark that was read as text.</summary>
    public static string Plain(string name) =>
        new([.. name.Replace("ï»¿", "").Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    /// <summary>Whether two names differ by typos: at most one, or two in a name of more than 7 characters.</summary>
    private static bool IsTypo(string own, string name)
    {
        int limit = own.Length > 7 ? 2 : 1;
        return own != name && name.Length > 2 && Math.Abs(own.Length - name.Length) <= limit && Distance(own, name) <= limit;
    }

    /// <summary>
    /// The number of letters to insert, delete, change or swap with the next letter. See
    /// https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance.
    /// </summary>
    private static int Distance(string a, string b)
    {
        int[][] steps = [.. Enumerable.Range(0, a.Length + 1).Select(_ => new int[b.Length + 1])];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    steps[i][j] = i + j;
                    continue;
                }
                int change = a[i - 1] == b[j - 1] ? 0 : 1;
                steps[i][j] = Math.Min(Math.Min(steps[i - 1][j], steps[i][j - 1]) + 1, steps[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    steps[i][j] = Math.Min(steps[i][j], steps[i - 2][j - 2] + 1);
            }
        }
        return steps[a.Length][b.Length];
    }
}

/// <summary>The columns that bind to parameters.</summary>
internal static class RowColumns
{
    public static readonly RowColumn Prompt = new("Prompt", [], ["prompttext", "imageprompt", "promptde", "prompten"],
        ["text", "description", "beschreibung", "instruction", "instructions"])
    {
        Get = command => command.Prompt,
        Set = (command, value) => command.Prompt = Strings("A prompt", value),
    };

    public static readonly RowColumn AspectRatio = new(
        "AspectRatio", ["aspect_ratio"], ["ratio", "aspect", "ratios", "imageratio", "seitenverhältnis", "seitenverhaeltnis"],
            ["format", "shape", "orientation", "dimensions", "dimension"])
    {
        Fits = (_, text) => text.Contains(':') && ImageModel.AspectRatios.Contains(text),
        Get = command => command.AspectRatio,
        Set = (command, value) => command.AspectRatio = Texts("An aspect ratio", value),
    };

    public static readonly RowColumn Resolution = new("Resolution", [],
        ["res", "resolutions", "imageresolution", "auflösung", "aufloesung"], ["size", "imagesize", "quality", "größe", "groesse"])
    {
        Fits = (_, text) => ImageModel.Resolutions.Contains(CellText.Resolution(text), StringComparer.OrdinalIgnoreCase),
        Get = command => command.Resolution,
        Set = (command, value) => command.Resolution = Texts("A resolution", value),
    };

    public static readonly RowColumn ImageUrl = new(
        "ImageUrl",
        ["ImageUrls", "image_urls"],
        ["imagelink", "imagelinks", "imageaddress", "imageuri", "inputimage", "inputimageurl", "inputimages", "referenceimage",
            "referenceimageurl", "sourceimage", "sourceimageurl",
            "pictureurl", "photourl", "bildurl", "bildlink", "bildadresse"],
        ["url", "urls", "link", "links", "image", "images", "picture", "photo", "bild"])
    {
        // A link can also lead to the page of a product.
        Fits = (name, text) => text.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            && Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            && (name is "image" or "images" or "picture" or "photo" or "bild"
                || FileNames.WithoutImageExtension(address.AbsolutePath) != address.AbsolutePath),
        Get = command => command.ImageUrl,
        Set = (command, value) => command.ImageUrl = (string[]?)Transform(new ImageUrlAttribute(), value),
    };

    public static readonly RowColumn ImagePath = new("ImagePath", ["image_path"],
        ["imagefile", "imagefiles", "imagepaths", "inputfile", "picturepath", "picturefile", "photopath", "bilddatei", "bildpfad"],
            ["file", "path", "datei"])
    {
        Get = command => command.ImagePath,
        Set = (command, value) => command.ImagePath = (string[]?)Transform(new ImagePathAttribute(), value),
    };

    public static readonly RowColumn ResponseModality = new("ResponseModality", ["response_modalities", "ResponseModalities"],
        ["modality", "modalities"], [])
    {
        Get = command => command.ResponseModality,
        Set = (command, value) => command.ResponseModality = Strings("A response modality", value),
    };

    public static readonly RowColumn Model = new("Model", [], ["imagemodel", "modelid"], [], RefusesTypos: false)
    {
        Get = command => command.Model,
        Set = (command, value) => command.Model = Text("A model", value),
    };

    public static readonly RowColumn Name = new("Name", [], [], ["filename", "outfile", "imagename", "dateiname"], RefusesTypos: false)
    {
        Get = command => command.Name,
        Set = (command, value) => command.Name = Text("A name", value),
    };

    public static readonly RowColumn Batch = new("Batch", [], ["batchname"], ["batchid"], RefusesTypos: false)
    {
        Get = command => command.Batch,
        Set = (command, value) => command.Batch = Text("The name of a batch", value),
    };

    public static IReadOnlyList<RowColumn> All { get; } = [Prompt, AspectRatio, Resolution, ImageUrl, ImagePath, ResponseModality, Model,
        Name, Batch];

    private static string? Text(string subject, object? value) => (string?)Transform(new OriginalTextAttribute(subject), value);

    private static string[]? Texts(string subject, object? value) =>
        (string[]?)Transform(new OriginalTextAttribute(subject) { TakesLists = true }, value);

    private static string[]? Strings(string subject, object? value) =>
        (string[]?)Transform(new StringsOnlyAttribute(subject) { AcceptsDates = subject == "A prompt" }, value);

    private static object? Transform(ArgumentTransformationAttribute attribute, object? value) =>
        value is null ? null : attribute.Transform(null!, value);
}
