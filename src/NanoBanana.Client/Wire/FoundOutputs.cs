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
    private HashSet<string>? _seen;
    private StringBuilder? _text;

    /// <summary>The images of the surest group. Addresses of which nobody says what they are count where there is no text either.</summary>
    public IReadOnlyList<ImageOutput> Images =>
        _images[0] ?? _images[1] ?? _images[2] ?? (_text is null ? _images[(int)Certainty.Possible] : null) ?? (IReadOnlyList<ImageOutput>)[];

    /// <summary>Whether the images stand where results belong, so that they end a task whatever its status.</summary>
    public bool IsCertain => (_images[(int)Certainty.Result] ?? _images[(int)Certainty.Beside]) is not null;

    /// <summary>Whether there are images where results belong.</summary>
    public bool HasResults => _images[(int)Certainty.Result] is not null;

    /// <summary>How many there are, in all groups.</summary>
    public int Count => _seen?.Count ?? 0;

    public string? Text => _text?.ToString();

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
        if ((_seen ??= new(StringComparer.Ordinal)).Add(identity))
            (_images[(int)certainty] ??= []).Add(owner is null ? image : OutputKinds.Describe(image, owner));
    }

    public void AddText(string part) => _text = _text is null ? new StringBuilder(part) : _text.Append('\n').Append(part);
}
