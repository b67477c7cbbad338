using System.Globalization;
using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>Reads the error of a task in every shape the provider has shown, and explains the documented codes.</summary>
internal static class ProviderErrors
{
    /// <summary>What the provider's page says of its codes.</summary>
    public static readonly IReadOnlyDictionary<string, string> Meanings = new Dictionary<string, string>
    {
        ["005001095"] = "Internal generation error",
        ["005001096"] = "Result parsing error",
        ["005001097"] = "HTTP error response",
        ["005001098"] = "Synchronous generation error",
    };

    private const string NoCode = "000000000";

    /// <summary>For a task that failed without a word.</summary>
    public static readonly ImageTaskError NoReason = Make(null, null);

    /// <summary>
    /// An object with <c>code</c> and <c>error_message</c> or <c>message</c>, a code alone, or a plain string. Null when
    /// there is none; an empty one, or code 0 without a word, is how some servers write that.
    /// </summary>
    public static ImageTaskError? Read(JsonElement error)
    {
        (string? code, string? message) = error.ValueKind switch
        {
            JsonValueKind.Object => (error.Get("code").AsText(), error.Get("error_message").AsText() ?? error.Get("message").AsText() ?? error.Get("detail").AsText()),
            JsonValueKind.Number => (error.AsText(), null),
            JsonValueKind.String => (null, error.AsText()),
            _ => default,
        };
        code = FormatCode(code);
        bool isNone = string.IsNullOrWhiteSpace(message) && (string.IsNullOrEmpty(code) || code == NoCode);
        return isNone ? null : Make(code, message);
    }

    /// <summary>The nine-digit form; the wire's integers have lost their leading zeros.</summary>
    internal static string? FormatCode(string? code) =>
        code is { Length: > 0 and <= 9 } && code.All(c => c is >= '0' and <= '9')
            ? int.Parse(code, CultureInfo.InvariantCulture).ToString("D9", CultureInfo.InvariantCulture)
            : code;

    private static ImageTaskError Make(string? code, string? message)
    {
        string? meaning = code is not null && Meanings.TryGetValue(code, out string? known) ? known : null;
        return new ImageTaskError
        {
            Code = code,
            Meaning = meaning,
            Message = string.IsNullOrWhiteSpace(message) ? meaning ?? "The provider gave no reason." : message!,
        };
    }
}
