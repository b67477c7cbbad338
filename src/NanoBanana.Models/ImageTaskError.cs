namespace NanoBanana;

/// <summary>The reason why a task failed, with an explanation of this module.</summary>
public sealed record ImageTaskError
{
    /// <summary>
    /// The provider's code. A number of the documented family has nine digits (<c>005001095</c>). Any other code is unchanged.
    /// <see langword="null"/> if the provider gave no code.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>The provider's message without control characters. Never empty.</summary>
    public required string Message { get; init; }

    /// <summary>The meaning of the code; <see langword="null"/> for an unknown code.</summary>
    public string? Meaning { get; init; }

    /// <summary>What to do; <see langword="null"/> if only the general advice applies.</summary>
    public string? Advice { get; init; }

    /// <summary>The code, the meaning and the message in one line.</summary>
    public override string ToString()
    {
        string text = Meaning is null || Message.Contains(Meaning) ? Message : $"{Meaning}: {Message}";
        return Code is null ? text : $"{Code} {text}";
    }
}
