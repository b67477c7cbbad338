using System.Text;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>A request that a fake network received.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Address">The complete address as it is sent.</param>
/// <param name="Headers">Headers of the request and of its content.</param>
/// <param name="Body">The bytes of the body, or null if no body was sent.</param>
/// <param name="At">When it arrived, since the clock was created.</param>
internal sealed record RecordedRequest(
    string Method, string Address, IReadOnlyDictionary<string, string> Headers, byte[]? Body, TimeSpan At)
{
    public string? Text => Body is null ? null : Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
