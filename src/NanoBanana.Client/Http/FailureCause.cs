namespace NanoBanana.Client.Http;

/// <summary>
/// The exception behind a failure, as it may be shown. HTTP handlers quote what a server wrote where an answer should have
/// begun, with its escape sequences, and with the key where the server repeats it.
/// </summary>
internal static class FailureCause
{
    private const int LongestMessage = 500;

    /// <param name="e">What a handler threw.</param>
    /// <param name="key">The key that the request had with it; null for a download, which has none.</param>
    /// <returns>The exception itself, or another of few words when any of its messages is not harmless.</returns>
    public static Exception Of(Exception e, ApiKey? key = null)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            string harmless = Harmless(inner.Message, key);
            if (harmless != inner.Message)
                return new HttpRequestException(TextSafety.Excerpt(Harmless(e.GetBaseException().Message, key), LongestMessage));
        }
        return e;
    }

    private static string Harmless(string message, ApiKey? key) => TextSafety.Clean(key?.HideIn(message) ?? message);
}
