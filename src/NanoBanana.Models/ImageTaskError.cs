namespace NanoBanana;

/// <summary>Why a task failed, in the provider's words and ours.</summary>
public sealed record ImageTaskError
{
    /// <summary>
    /// The provider's code. A number of the documented family is shown in its form of nine digits (<c>005001095</c>), any other
    /// as it came; <see langword="null"/> when the provider gave none.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>The provider's message, free of control characters. Never empty.</summary>
    public required string Message { get; init; }

    /// <summary>What the code means; <see langword="null"/> for codes that are not known.</summary>
    public string? Meaning { get; init; }

    /// <summary>What to do about it; <see langword="null"/> when only the general advice applies.</summary>
    public string? Advice { get; init; }

    /// <summary>Code, meaning and message in one line.</summary>
    public override string ToString()
    {
        string text = Meaning is null || Message.Contains(Meaning) ? Message : $"{Meaning}: {Message}";
        return Code is null ? text : $"{Code} {text}";
    }
}
