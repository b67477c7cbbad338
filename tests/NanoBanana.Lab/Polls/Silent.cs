using NanoBanana.Client.Http;

namespace NanoBanana.Lab.Polls;

/// <summary>An observer that ignores everything.</summary>
internal sealed class Silent : IClientObserver
{
    public static readonly Silent Instance = new();

    public bool TracesRequests => false;

    public void OnRequest(RequestTrace trace)
    {
    }

    public void OnEvent(ClientEvent what)
    {
    }

    public void OnWarning(string message)
    {
    }
}
