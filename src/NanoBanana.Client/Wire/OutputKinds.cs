using System.Text.RegularExpressions;

namespace NanoBanana.Client.Wire;

/// <summary>What an item of an output is by its own words.</summary>
internal enum OutputKind { None, Image, Text, Foreign, Odd }

/// <summary>Reads what an output item says about itself.</summary>
internal static class OutputKinds
{
    /// <summary>Types that say nothing against an image.</summary>
    private static readonly string[] Neutral =
        ["file", "output", "url", "media", "asset", "result", "binary", "octetstream", "object", "inline", "base64", "b64", "message", "temp", "artifact", "generated", "list"];

    public static OutputKind Of(Fields item)
    {
        string? type = item.Text("type", "kind", "mimetype", "contenttype", "mediatype", "filetype");
        if (type is null || type.Length > 100)
            return OutputKind.None;
        string plain = Fields.Key(type);
        if (plain.HoldsAny("video", "audio", "pdf", "html", "json", "zip", "model3d"))
            return OutputKind.Foreign;
        if (plain.HoldsAny("image", "img", "picture", "photo", "png", "jpeg", "jpg", "webp", "gif", "avif"))
            return plain.StartsWith("input", StringComparison.Ordinal) || plain.HoldsAny("texttoimage", "imagetoimage", "text2image") ? OutputKind.None : OutputKind.Image;
        if (plain.HoldsAny("text", "string", "markdown", "refusal"))
            return OutputKind.Text;
        return plain.HoldsAny(Neutral) ? OutputKind.None : OutputKind.Odd;
    }

    /// <summary>An image with what its item says of it.</summary>
    public static ImageOutput Describe(ImageOutput image, Fields item) => image with
    {
        Id = item.Text("id", "imgid", "imageid", "fileid"),
        ContentType = item["contenttype", "mimetype", "mediatype"].AsText() ?? TypeOf(item) ?? image.ContentType,
        FileName = item["filename", "name"].AsText(),
        FileSize = item["filesize"].AsInteger() ?? item["size"].AsInteger(),
        Width = PixelsOf(item, "width"),
        Height = PixelsOf(item, "height"),
    };

    private static string? TypeOf(Fields item) => item.Text("type") is { } type && type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? type : null;

    private static int? PixelsOf(Fields item, string name) => item[name].AsInteger() is { } pixels and > 0 and <= int.MaxValue ? (int)pixels : null;
}

/// <summary>Images within a text, as chat models write them: <c>![a fox](https://…)</c>, an HTML element, or an address among words.</summary>
internal static class Markup
{
    private static readonly Regex Image = new(
        @"!\[[^\]]{0,500}\]\(\s*<?(?<target>[^)\s>]+)|<img\b[^>]{0,500}?\bsrc\s*=\s*[""'](?<target>[^""']+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    private static readonly Regex Address = new(
        @"(?<target>https?://[^\s<>()\[\]""']{1,4000}\.(png|jpe?g|webp|avif|heic)(\?[^\s<>()\[\]""']{0,4000})?)(?=[\s<>()\[\]""',.;!]|$)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>The images that a text shows.</summary>
    public static IReadOnlyList<string> ImagesOf(string text) => TargetsOf(Image, text);

    /// <summary>The addresses of images that a text names.</summary>
    public static IReadOnlyList<string> AddressesOf(string text) => TargetsOf(Address, text);

    private static string[] TargetsOf(Regex pattern, string text) =>
        pattern.IsMatch(text) ? [.. pattern.Matches(text).Cast<Match>().Select(match => match.Groups["target"].Value)] : [];
}
