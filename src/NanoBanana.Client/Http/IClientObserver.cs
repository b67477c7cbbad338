namespace NanoBanana.Client.Http;

/// <summary>Receives what the client does. Calls come from any thread and must return at once.</summary>
public interface IClientObserver
{
    /// <summary>A request was sent and answered, or not.</summary>
    void OnRequest(RequestTrace trace);

    /// <summary>Something a user should know that is not an error.</summary>
    void OnWarning(string message);
}
