using NanoBanana.Client;

namespace NanoBanana;

/// <summary>What <c>Test-NanoBananaConnection</c> found.</summary>
public sealed record ConnectionTest
{
    /// <summary>Whether nothing failed and the service took the key.</summary>
    public bool Success => ApiKey.Success == true && new[] { Service, Proxy, Clock, Journal, Destination }.All(check => check.Success != false);

    /// <summary>The base address of the API; <see langword="null"/> where there is no connection.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Whether the service answers as its protocol says.</summary>
    public required ConnectionCheck Service { get; init; }

    /// <summary>Whether the service takes the key.</summary>
    public required ConnectionCheck ApiKey { get; init; }

    /// <summary>The proxy that requests go through.</summary>
    public required ConnectionCheck Proxy { get; init; }

    /// <summary>Whether the clock of this machine is right.</summary>
    public required ConnectionCheck Clock { get; init; }

    /// <summary>Whether the journal can be opened and written.</summary>
    public required ConnectionCheck Journal { get; init; }

    /// <summary>Whether files can be written to the folder for images.</summary>
    public required ConnectionCheck Destination { get; init; }
}

/// <summary>One check.</summary>
public sealed record ConnectionCheck
{
    private ConnectionCheck(bool? success, string message) => (Success, Message) = (success, TextSafety.Excerpt(message, 1000));

    /// <summary>Whether it passed; <see langword="null"/> where it was not made.</summary>
    public bool? Success { get; }

    /// <summary>What was found and, where it failed, what to do.</summary>
    public string Message { get; }

    /// <summary>It passed.</summary>
    internal static ConnectionCheck Passed(string message) => new(true, message);

    /// <summary>It failed.</summary>
    internal static ConnectionCheck Failed(string message) => new(false, message);

    /// <summary>It was not made.</summary>
    internal static ConnectionCheck NotMade(string message) => new(null, message);

    /// <summary>The outcome and the message.</summary>
    public override string ToString() => $"{Success switch { true => "passed", false => "FAILED", null => "not checked" }}: {Message}";
}
