namespace NanoBanana.Emulator.Http;

/// <summary>What becomes of the connection after an answer.</summary>
internal enum HttpEnding
{
    /// <summary>It stays open, if the client wants that too.</summary>
    KeepOpen,

    /// <summary>It is closed in the ordinary way (FIN).</summary>
    Close,

    /// <summary>It stays open and nothing more comes, until the client closes it.</summary>
    Hold,

    /// <summary>It is cut without an answer (RST).</summary>
    Reset,
}
