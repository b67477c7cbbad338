namespace NanoBanana.Client.Http;

internal static class UserAgent
{
    public static readonly string Value = "NanoBanana/" + (typeof(UserAgent).Assembly.GetName().Version?.ToString(3) ?? "0");
}
