using System.Text;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>A request as it came to a fake network.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Address">The whole address, as it would be written on the wire.</param>
/// <param name="Headers">Headers of the request and of its content.</param>
/// <param name="Body">The bytes of the body; null when none left the client.</param>
/// <param name="At">When it came, since the clock was made.</param>
internal sealed record SeenRequest(
    string Method, string Address, IReadOnlyDictionary<string, string> Headers, byte[]? Body, TimeSpan At)
{
    public string? Text => Body is null ? null : Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
