using System.Net;
using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Http;

public sealed class OptionsTests
{
    private static readonly NanoBananaClientOptions Options = new() { ApiKey = new ApiKey(TestBench.Key) };

    [Theory]
    [InlineData("https://cloud.vtrix.ai")]
    [InlineData("https://gateway.example:8443/nano/")]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1:5000/")]
    [InlineData("http://127.8.7.6/")]
    [InlineData("http://[::1]:5000/")]
    public void An_encrypted_or_local_endpoint_is_accepted(string endpoint) =>
        Assert.Null(Record.Exception((Options with { Endpoint = new Uri(endpoint) }).Check));

    [Theory]
    [InlineData("http://cloud.vtrix.ai/", "is not encrypted")]
    [InlineData("http://10.0.0.5/", "is not encrypted")]
    [InlineData("http://localhost.example/", "is not encrypted")]
    [InlineData("https://user:secret@host/", "contains a user name, a query or a fragment")]
    [InlineData("https://host/?key=secret", "contains a user name, a query or a fragment")]
    [InlineData("https://host/#secret", "contains a user name, a query or a fragment")]
    [InlineData("ftp://host/", "is not an absolute http or https address")]
    [InlineData("file:///srv", "is not an absolute http or https address")]
    [InlineData("/relative", "is not an absolute http or https address")]
    public void Any_other_endpoint_is_refused_without_its_secrets(string endpoint, string why)
    {
        var error = Assert.Throws<NanoBananaException>(
            () => new NanoBananaClient(Options with { Endpoint = new Uri(endpoint, UriKind.RelativeOrAbsolute) }));

        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
#if NET // .NET Framework uses no proxy for this machine.
    [InlineData("http://127.0.0.1:5000/", "http://proxy.example:3128", false)]
#endif
    [InlineData("http://127.0.0.1:5000/", "http://localhost:3128", true)]
    [InlineData("https://api.example/", "http://proxy.example:3128", true)]
    public void A_proxy_on_another_machine_does_not_receive_the_key(string endpoint, string proxy, bool isTaken)
    {
        NanoBananaClientOptions options = Options with { Endpoint = new Uri(endpoint), Proxy = new WebProxy(proxy) };

        Exception? refused = Record.Exception(() => options.Check());

        Assert.Equal(isTaken, refused is null);
        Assert.Null(Record.Exception((options with { AllowUnencryptedAuthentication = true }).Check));
    }

    [Fact]
    public void Plain_HTTP_requires_an_explicit_option() =>
        Assert.Null(
            Record.Exception((Options with { Endpoint = new Uri("http://10.0.0.5/"), AllowUnencryptedAuthentication = true }).Check));

    [Theory]
    [InlineData("")]
    [InlineData("  \r\n")]
    [InlineData("two words")]
    [InlineData("a\r\nX-Injected: 1")]
    [InlineData("schlüssel")]
    [InlineData("key\u200B")]
    public void An_invalid_key_is_refused_and_not_repeated(string key)
    {
        var error = Assert.Throws<NanoBananaException>(() => new ApiKey(key));

        Assert.Equal(NanoBananaErrorKind.ApiKeyMissing, error.Kind);
        Assert.True(key.Trim().Length == 0 || !error.Message.Contains(key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0123456789abWXYZ", "…WXYZ")]
    [InlineData("12345678WXYZ", "…WXYZ")]
    [InlineData("1234567WXYZ", "…")]
    [InlineData("k", "…")]
    public void A_key_is_masked(string key, string masked) => Assert.Equal(masked, new ApiKey(key).Masked);

    [Fact]
    public void White_space_around_a_key_is_removed()
    {
        var key = new ApiKey(" abc\r\n");

        Assert.Equal("Bearer abc", key.HeaderValue);
        Assert.True(key.Matches("abc\n"));
        Assert.False(key.Matches("abd"));
    }
}
