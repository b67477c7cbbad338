using NanoBanana.Client;

namespace NanoBanana;

/// <summary>The result of <c>Test-NanoBananaConnection</c>.</summary>
public sealed record ConnectionTest
{
    /// <summary>Whether no check failed and the service accepts the key.</summary>
    public bool Success =>
        ApiKey.Success == true && new[] { Service, Proxy, Clock, Journal, Destination }.All(check => check.Success != false);

    /// <summary>The base address of the API; <see langword="null"/> without a connection.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Whether the service answers according to its protocol.</summary>
    public required ConnectionCheck Service { get; init; }

    /// <summary>Whether the service accepts the key.</summary>
    public required ConnectionCheck ApiKey { get; init; }

    /// <summary>The proxy of the requests, and whether it works.</summary>
    public required ConnectionCheck Proxy { get; init; }

    /// <summary>Whether the clock of this machine agrees with the clock of the service.</summary>
    public required ConnectionCheck Clock { get; init; }

    /// <summary>Whether the journal can be opened and written.</summary>
    public required ConnectionCheck Journal { get; init; }

    /// <summary>Whether images can be saved to the destination folder.</summary>
    public required ConnectionCheck Destination { get; init; }
}

/// <summary>The result of one check.</summary>
public sealed record ConnectionCheck
{
    private ConnectionCheck(bool? success, string message) => (Success, Message) = (success, TextSafety.Excerpt(message, 1000));

    /// <summary>Whether the check passed; <see langword="null"/> if it was not made.</summary>
    public bool? Success { get; }

    /// <summary>The finding and, if the check failed, what to do.</summary>
    public string Message { get; }

    /// <summary>A check that passed.</summary>
    internal static ConnectionCheck Passed(string message) => new(true, message);

    /// <summary>A check that failed.</summary>
    internal static ConnectionCheck Failed(string message) => new(false, message);

    /// <summary>A check that was not made.</summary>
    internal static ConnectionCheck NotMade(string message) => new(null, message);

    /// <summary>The result and the message in one line.</summary>
    public override string ToString() => $"{Success switch { true => "passed", false => "FAILED", null => "not checked" }}: {Message}";
}
