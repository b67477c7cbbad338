namespace NanoBanana.Emulator.Http;

/// <summary>The bytes are not a request that this server reads. It answers once and closes.</summary>
internal sealed class HttpProtocolException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
