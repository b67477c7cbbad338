namespace NanoBanana.Emulator;

/// <summary>The ways in which a scripted request goes wrong.</summary>
public enum EmulatorFaultKind
{
    /// <summary>An HTTP status with a body of any kind.</summary>
    Status,

    /// <summary>The connection is reset (RST) with no answer.</summary>
    Reset,

    /// <summary>Fewer bytes than Content-Length promises, then the connection is closed.</summary>
    CutBody,

    /// <summary>200 with HTML where JSON or a picture is expected.</summary>
    Garbage,

    /// <summary>No answer until the server is released or disposed.</summary>
    Stall,

    /// <summary>A redirect to another address.</summary>
    Redirect,
}
