using System.Net.Http.Headers;
using System.Reflection;
using NanoBanana.Client.Http;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Tests.Text;

/// <summary>
/// Text of a server leaves the client only through <see cref="ServerText"/>. The test reads the compiled code, so helpers and
/// lambdas are included.
/// </summary>
public sealed class ServerTextRuleTests
{
    /// <summary>Numbers, and values that are compared and sent back but never shown.</summary>
    private static readonly HashSet<string> Plain =
    [
        "HttpResponseMessage.get_StatusCode", "HttpResponseMessage.get_IsSuccessStatusCode", "HttpResponseMessage.get_Content",
        "HttpResponseMessage.get_Headers",
        "HttpContent.get_Headers", "HttpContentHeaders.get_ContentLength", "HttpContentHeaders.get_ContentRange",
        "ContentRangeHeaderValue.get_From", "ContentRangeHeaderValue.get_Length",
        "HttpContentHeaders.get_ContentEncoding", "HttpResponseHeaders.get_ETag", "EntityTagHeaderValue.get_IsWeak",
        "EntityTagHeaderValue.get_Tag",
    ];

    /// <summary>
    /// The streams of a body: of an answer, which becomes a <see cref="WireReply"/>, and of an image, which becomes a file.
    /// </summary>
    private static readonly Dictionary<string, string[]> Streams = new()
    {
        ["BoundedBody"] = ["HttpContent.ReadAsStreamAsync"],
        ["ImageFetch"] = ["HttpContent.ReadAsStreamAsync"],
    };

    private static readonly (Type Type, MethodBase[] Calls)[] Code = [.. AssemblyCalls.Of(typeof(NanoBananaClient).Assembly)];

    [Fact]
    public void Only_ServerReply_reads_texts_of_a_response()
    {
        string[] readings = [.. from method in Code
            where method.Type != typeof(ServerReply)
            from called in method.Calls
            where ReadsResponse(called) && !Plain.Contains(NameOf(called))
                && Streams.GetValueOrDefault(method.Type.Name)?.Contains(NameOf(called)) != true
            select $"{method.Type.Name}: {NameOf(called)}"];

        Assert.Empty(readings);
        // Proves that the test detects the forbidden call.
        Assert.Contains(
            Code,
            method => method.Type == typeof(ServerReply) && method.Calls.Any(called => NameOf(called) == "HttpHeaders.TryGetValues"));
    }

    [Fact]
    public void A_reply_has_a_masked_body_or_none()
    {
        string[] makers = [.. Calls("WireReply..ctor")
            .Where(call => call.Type != typeof(WireReply) && NameOf(call.Before) is not ("SanitizedBody.Of" or "Array.Empty"))
            .Select(call => $"{call.Type.Name} after {NameOf(call.Before)}")];

        Assert.Empty(makers);
        Assert.Contains(Calls("WireReply..ctor"), call => call.Type == typeof(ServerReply));
    }

    [Fact]
    public void The_cause_of_a_failed_exchange_is_masked()
    {
        var causes = Calls("Exchange.set_Cause").ToArray();

        Assert.NotEmpty(causes);
        Assert.All(
            causes,
            call => Assert.True(
                NameOf(call.Before) == "ServerText.Sanitize", $"{call.Type.Name}: the cause comes from {NameOf(call.Before)}"));
    }

    [Fact]
    public void A_sanitized_body_is_masked_by_ServerText() =>
        Assert.Contains(
            Code,
            method => method.Type == typeof(SanitizedBody) && method.Calls.Any(called => NameOf(called) == "ServerText.SanitizeValue"));

    private static IEnumerable<(Type Type, MethodBase? Before)> Calls(string name) =>
        from method in Code
        from i in Enumerable.Range(0, method.Calls.Length)
        where NameOf(method.Calls[i]) == name
        select (method.Type, i == 0 ? null : method.Calls[i - 1]);

    private static bool ReadsResponse(MethodBase called) =>
        called.DeclaringType is { Namespace: "System.Net.Http.Headers" } or { Name: nameof(HttpResponseMessage) or nameof(HttpContent) }
        && !called.IsConstructor && !called.IsFamily && called.DeclaringType != typeof(HttpRequestHeaders)
        && !NameOf(called).Contains(".set_", StringComparison.Ordinal)
        && !called.Name.Contains("TryAdd", StringComparison.Ordinal) && (called as MethodInfo)?.ReturnType != typeof(void);

    private static string NameOf(MethodBase? called) => called is null ? "nothing" : $"{called.DeclaringType?.Name}.{called.Name}";
}
