namespace NanoBanana.Client.Text;

/// <summary>The results that Test-NanoBananaConnection shows.</summary>
internal static partial class Messages
{
    public const string NoAnswer = "The service did not answer.";

    public const string KeyNotChecked = "The answer does not show whether the key is valid.";

    public static string CheckNetwork(string failure, Uri endpoint) =>
        $"{char.ToUpperInvariant(failure[0])}{failure.Substring(1)}. Check the network, the proxy and the endpoint {endpoint}.";

    public static string ServiceAnswers(Uri endpoint, int status) => $"{endpoint} answers ({status}).";

    public static string KeyRejected(string key, int status) =>
        $"The service rejected the API key {key} ({status}). Give a valid key with Connect-NanoBanana or $env:NANOBANANA_API_KEY.";

    public static string KeyNotPermitted(string key, int status) =>
        $"The key {key} has no balance or no permission ({status}). Check the account at the provider.";

    public static string KeyAccepted(string key) => $"The service accepted the key {key}.";

    public const string ServiceIsBusy = "The service asks for fewer requests (429). Try again later.";

    public static string ServiceNotAvailable(int status) => $"The service is not available ({status}). Try again later.";

    public static string ServiceRedirects(int status) =>
        $"The service redirects to another address ({status}), and the key is not sent there. Connect to the right endpoint.";

    public static string NotThisApi(Uri endpoint, int status, string answer, string protocol) =>
        $"The server at {endpoint} does not answer as this API ({status}; {answer}). "
        + $"Check the endpoint, the protocol {protocol} and the proxy.";

    public const string NoProxy = "Requests are sent without a proxy.";

    public static string ProxyWorks(string proxy) => $"Requests are sent through {proxy}.";

    public static string ProxyNeedsCredential(string proxy) =>
        $"The proxy {proxy} requires a user name and a password. Give them with Connect-NanoBanana -ProxyCredential.";

    public static string NoAnswerThroughProxy(string proxy) =>
        $"No answer came through the proxy {proxy}. Check the proxy, or connect without it.";

    public const string NoDate = "The answer has no date.";

    public static string ClockAgrees(TimeSpan skew) => $"The clock {Skew(skew)} the clock of the service.";

    public static string ClockDiffers(TimeSpan skew) => $"The clock {Skew(skew)} the clock of the service. "
        + "Set the clock, and synchronize it with a time server, because the dates and leases of the journal depend on it.";

    private static string Skew(TimeSpan skew) => skew.Duration() < TimeSpan.FromSeconds(2)
        ? "agrees with"
        : $"is {skew.Duration():d\\.hh\\:mm\\:ss} {(skew > TimeSpan.Zero ? "ahead of" : "behind")}";
}
