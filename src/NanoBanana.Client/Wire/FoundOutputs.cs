using System.Text;

namespace NanoBanana.Client.Wire;

/// <summary>How surely an image of an answer is the result; only the images of the surest group that has any count.</summary>
internal enum Certainty
{
    /// <summary>It stands where results belong.</summary>
    Result,

    /// <summary>It stands beside the status, under the name of an image.</summary>
    Beside,

    /// <summary>It looks like an image.</summary>
    Elsewhere,

    /// <summary>It is an address of which nobody says what it is.</summary>
    Possible,
}

/// <summary>What <see cref="ImageFinder"/> finds in an answer.</summary>
internal sealed class FoundOutputs
{
    private readonly List<ImageOutput>?[] _images = new List<ImageOutput>?[4];
    private string? _first;
    private HashSet<string>? _more;
    private string? _text;
    private StringBuilder? _moreText;

    /// <summary>The images of the surest group. Addresses of which nobody says what they are count where there is no text either.</summary>
    public IReadOnlyList<ImageOutput> Images =>
        _images[0] ?? _images[1] ?? _images[2]
        ?? (_text is null ? _images[(int)Certainty.Possible] : null) ?? (IReadOnlyList<ImageOutput>)[];

    /// <summary>Whether the images stand where results belong, so that they end a task whatever its status.</summary>
    public bool IsCertain => (_images[(int)Certainty.Result] ?? _images[(int)Certainty.Beside]) is not null;

    /// <summary>Whether there are images where results belong.</summary>
    public bool HasResults => _images[(int)Certainty.Result] is not null;

    /// <summary>How many there are, in all groups.</summary>
    public int Count => (_first is null ? 0 : 1) + (_more?.Count ?? 0);

    public string? Text => _moreText?.ToString() ?? _text;

    public Uri? TextUrl { get; set; }

    /// <summary>Why the model made no image, in its own word: <c>IMAGE_SAFETY</c>.</summary>
    public string? FinishReason { get; set; }

    /// <summary>What the model says about that.</summary>
    public string? FinishMessage { get; set; }

    /// <summary>Whether there is an output that is neither an image nor a text.</summary>
    public bool HoldsUnknown { get; set; }

    /// <summary>Whether an output says that it is an image, and is none that can be read.</summary>
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

/// <summary>What an item of an output is by its own words.</summary>
internal enum OutputKind { None, Image, Text, Foreign, Odd }

/// <summary>Reads what an output item says about itself.</summary>
internal static class OutputKinds
{
    /// <summary>Types that say nothing against an image.</summary>
    private static readonly string[] Neutral =
        ["file", "output", "url", "media", "asset", "result", "binary", "octetstream", "object", "inline", "base64", "b64", "message", "temp",
         "artifact", "generated", "list"];

    public static OutputKind Of(Fields item)
    {
        string? type = item.Text("type", "kind", "mimetype", "contenttype", "mediatype", "filetype");
        if (type is null || type.Length > 100)
            return OutputKind.None;
        string plain = Fields.Key(type);
        if (plain.HoldsAny("video", "audio", "pdf", "html", "json", "zip", "model3d"))
            return OutputKind.Foreign;
        if (plain.HoldsAny("image", "img", "image", "photo", "png", "jpeg", "jpg", "webp", "gif", "avif"))
            return plain.StartsWith("input", StringComparison.Ordinal) || plain.HoldsAny("texttoimage", "imagetoimage", "text2image")
                ? OutputKind.None
                : OutputKind.Image;
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

    private static string? TypeOf(Fields item) =>
        item.Text("type") is { } type && type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? type : null;

    private static int? PixelsOf(Fields item, string name) =>
        item[name].AsInteger() is { } pixels and > 0 and <= int.MaxValue ? (int)pixels : null;
}
