using NanoBanana.Client.Http;

namespace NanoBanana.Lab.Polls;

/// <summary>An observer that ignores everything.</summary>
internal sealed class NullObserver : IClientObserver
{
    public static readonly NullObserver Instance = new();

    public bool TracesRequests => false;

    public void OnRequest(RequestTrace trace)
    {
    }

    public void OnEvent(ClientEvent e)
    {
    }

    public void OnWarning(string message)
    {
    }
}
