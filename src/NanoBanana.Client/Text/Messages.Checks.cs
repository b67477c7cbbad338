namespace NanoBanana.Client.Text;

/// <summary>The results that Test-NanoBananaConnection shows.</summary>
internal static partial class Messages
{
    public const string NoAnswer = "The service did not answer.";

    public const string KeyNotChecked = "The answer does not show whether the key is valid.";

    /// <param name="failure">The failure as a phrase.</param>
    public static string Failure(string failure) => $"{Capitalized(failure)}.";

    /// <inheritdoc cref="Failure"/>
    public static string CheckNetwork(string failure, Uri endpoint) =>
        $"{Failure(failure)} Check the network, the proxy and the endpoint {endpoint}.";

    public static string ServiceAnswers(Uri endpoint, int status) => $"{endpoint} answers ({status}).";

    public static string KeyRejected(string key, int status) =>
        $"The service rejected the API key {key} ({status}). {SpecifyKey}";

    public static string KeyNotPermitted(string key, int status) =>
        $"The account of the key {key} has no balance or no permission ({status}). {CheckAccount}";

    public static string KeyAccepted(string key) => $"The service accepted the key {key}.";

    public const string ServiceIsBusy = "The service asks for fewer requests (429). Try again later.";

    public static string ServiceNotAvailable(int status) => Capitalized(ServiceUnavailable(status, null));

    public static string ServiceRedirects(int status) => Capitalized(Redirected(status));

    public static string NotThisApi(Uri endpoint, int status, string answer, string protocol) =>
        $"The answer of {endpoint} is not an answer of this API ({status}; {answer}). "
        + $"Check the endpoint, the protocol {protocol} and the proxy.";

    public const string NoProxy = "Requests are sent without a proxy.";

    public static string ProxyWorks(Uri proxy) => $"Requests are sent through {proxy}.";

    public static string NoAnswerThroughProxy(Uri proxy) =>
        $"No answer came through the proxy {proxy}. Check the proxy, or connect without it.";

    public const string NoDate = "The answer has no date.";

    public static string ClockCompared(TimeSpan skew) => $"The clock of this computer {Skew(skew)} the clock of the service.";

    public static string ClockDiffers(TimeSpan skew) => $"{ClockCompared(skew)} "
        + "Set the clock, and synchronize it with a time server. The dates and leases of the journal depend on it.";

    private static string Skew(TimeSpan skew) => skew.Duration() < TimeSpan.FromSeconds(2)
        ? "agrees with"
        : $"is {skew.Duration():d\\.hh\\:mm\\:ss} {(skew > TimeSpan.Zero ? "ahead of" : "behind")}";
}
