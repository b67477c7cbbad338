using System.Net.Http.Headers;

namespace NanoBanana.Client.Http;

internal static class UserAgent
{
    public static readonly ProductInfoHeaderValue Value =
        new("NanoBanana", typeof(UserAgent).Assembly.GetName().Version?.ToString(3) ?? "0");
}
