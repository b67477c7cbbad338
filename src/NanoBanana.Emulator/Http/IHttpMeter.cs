namespace NanoBanana.Emulator.Http;

/// <summary>Told what happens on the sockets. Called from many threads at once.</summary>
internal interface IHttpMeter
{
    void ConnectionOpened();

    void RequestStarted();

    void RequestEnded();

    void Sent(int bytes);
}
