using NanoBanana.Client.Http;

namespace NanoBanana.Client.Files;

/// <summary>A download across its tries: what is there so far, and what proves that the rest belongs to it.</summary>
internal sealed class FetchState(Uri url, PartFile part, Deadline deadline)
{
    /// <summary>The least that must come in a second, in bytes: 8 pictures at once over the slowest of lines.</summary>
    private const long SlowestRate = 16 * 1024;

    public Uri Url { get; } = url;

    /// <summary>Bounds all tries, with more time for what moves on.</summary>
    public Deadline Deadline { get; } = deadline;

    public PartFile Part { get; } = part;

    /// <summary>The strong entity tag under which the bytes so far came; null when the server gave none.</summary>
    public string? EntityTag { get; set; }

    /// <summary>The length without an end at which a body stopped last.</summary>
    private long? CutAt { get; set; }

    /// <summary>
    /// A body has stopped where the picture does not end. The rest is asked for, once: where it stops at the same place
    /// again there is no rest, and nothing is gained that would allow for more tries.
    /// </summary>
    public void Cut()
    {
        long length = Part.Length;
        if (CutAt == length)
            Part.Clear();
        CutAt = length;
    }

    /// <summary>
    /// Gives the time that the bytes so far may take, on top: no size makes an honest download late, and a server that lets
    /// bytes drip holds none for ever.
    /// </summary>
    public void GrantTime() => Deadline.Extra = TimeSpan.FromSeconds((double)Part.Length / SlowestRate);
}
