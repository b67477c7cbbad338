using System.Text;

namespace NanoBanana.Client.Wire;

/// <summary>How certain it is that an image of an answer is a result. Only the images of the most certain group count.</summary>
internal enum Certainty
{
    /// <summary>It is in a place for results.</summary>
    Result,

    /// <summary>It is next to the status, under the name of an image.</summary>
    NextToStatus,

    /// <summary>It is in another place and looks like an image.</summary>
    Elsewhere,

    /// <summary>It is an address without any description.</summary>
    Possible,
}

/// <summary>The results of <see cref="ImageFinder"/>.</summary>
internal sealed class FoundOutputs
{
    private readonly List<ImageOutput>?[] _images = new List<ImageOutput>?[4];
    private string? _first;
    private HashSet<string>? _more;
    private string? _text;
    private StringBuilder? _moreText;

    /// <summary>The images of the most certain group. Addresses without a description count only if there is no text.</summary>
    public IReadOnlyList<ImageOutput> Images =>
        _images[0] ?? _images[1] ?? _images[2]
        ?? (_text is null ? _images[(int)Certainty.Possible] : null) ?? (IReadOnlyList<ImageOutput>)[];

    /// <summary>
    /// Whether the images are in a place for results, or next to the status. Then they complete a task regardless of its status.
    /// </summary>
    public bool IsCertain => (_images[(int)Certainty.Result] ?? _images[(int)Certainty.NextToStatus]) is not null;

    /// <summary>Whether there are images in a place for results.</summary>
    public bool HasResults => _images[(int)Certainty.Result] is not null;

    /// <summary>The number of images in all groups.</summary>
    public int Count => (_first is null ? 0 : 1) + (_more?.Count ?? 0);

    /// <summary>The texts of the model, each in its own line; null without a text.</summary>
    public string? Text => _moreText?.ToString() ?? _text;

    /// <summary>The address of the model's text, if the answer has an address instead of the text.</summary>
    public Uri? TextUrl { get; set; }

    /// <summary>The reason why the model made no image, in its own word, such as <c>IMAGE_SAFETY</c>.</summary>
    public string? FinishReason { get; set; }

    /// <summary>The message of the model about the reason.</summary>
    public string? FinishMessage { get; set; }

    /// <summary>Whether there is an output that is not an image and not a text.</summary>
    public bool HasUnknown { get; set; }

    /// <summary>Whether an output is declared as an image and can't be read.</summary>
    public bool HasBrokenImage { get; set; }

    public void Add(ImageOutput image, Fields? owner, Certainty certainty, string identity)
    {
        bool isNew = _first is null || (_first != identity && (_more ??= new(StringComparer.Ordinal)).Add(identity));
        _first ??= identity;
        if (isNew)
            (_images[(int)certainty] ??= []).Add(owner is null ? image : OutputKinds.Describe(image, owner));
    }

    public void AddText(string part)
    {
        if (_text is null)
            _text = part;
        else
            (_moreText ??= new StringBuilder(_text)).Append('\n').Append(part);
    }
}

/// <summary>The declared kind of an output item.</summary>
internal enum OutputKind { None, Image, Text, OtherMedia, Unknown }

/// <summary>Reads the declared type of an output item.</summary>
internal static class OutputKinds
{
    /// <summary>Types that an image can have.</summary>
    private static readonly string[] Neutral =
        ["file", "output", "url", "media", "asset", "result", "binary", "octetstream", "object", "inline", "base64", "b64",
         "message", "temp",
         "artifact", "generated", "list"];

    public static OutputKind Of(Fields item)
    {
        string? type = item.Text("type", "kind", "mimetype", "contenttype", "mediatype", "filetype");
        if (type is null || type.Length > 100)
            return OutputKind.None;
        string plain = Fields.Key(type);
        if (plain.ContainsAny("video", "audio", "pdf", "html", "json", "zip", "model3d"))
            return OutputKind.OtherMedia;
        if (plain.ContainsAny("image", "img", "picture", "photo", "png", "jpeg", "jpg", "webp", "gif", "avif"))
            return plain.StartsWith("input", StringComparison.Ordinal) || plain.ContainsAny("texttoimage", "imagetoimage", "text2image")
                ? OutputKind.None
                : OutputKind.Image;
        if (plain.ContainsAny("text", "string", "markdown", "refusal"))
            return OutputKind.Text;
        return plain.ContainsAny(Neutral) ? OutputKind.None : OutputKind.Unknown;
    }

    /// <summary>An image with the data of its item.</summary>
    public static ImageOutput Describe(ImageOutput image, Fields item) => image with
    {
        Id = item.Text("id", "imgid", "imageid", "fileid"),
        ContentType = item["contenttype", "mimetype", "mediatype"].AsText() ?? TypeOf(item) ?? image.ContentType,
        FileName = item["filename", "name"].AsText(),
        FileSize = item["filesize"].AsInteger() ?? item["size"].AsInteger(),
        Width = PixelsOf(item, "width"),
        Height = PixelsOf(item, "height"),
    };

    private static string? TypeOf(Fields item) =>
        item.Text("type") is { } type && type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? type : null;

    private static int? PixelsOf(Fields item, string name) =>
        item[name].AsInteger() is { } pixels and > 0 and <= int.MaxValue ? (int)pixels : null;
}
