namespace NanoBanana.Client.Http;

/// <summary>Why a request got no whole reply.</summary>
internal enum ExchangeFailure
{
    /// <summary>The connection could not be made, or broke.</summary>
    Network,

    /// <summary>The time for one request ran out.</summary>
    Timeout,

    /// <summary>The reply is larger than any answer of this API.</summary>
    TooLarge,

    /// <summary>It is not fetched from there, or can't be read: the cause says why.</summary>
    Forbidden,

    /// <summary>A whole reply came, and it is not what was asked for: a page of a proxy in place of a picture.</summary>
    Garbage,
}
