using System.Management.Automation;
using NanoBanana.Client;

namespace NanoBanana.Pipeline;

/// <summary>Something that async work wants written. Only the pipeline thread may write, so it waits in the pump.</summary>
internal readonly struct PumpMessage
{
    private readonly Action<PSCmdlet, object> _write;
    private PumpMessage(Action<PSCmdlet, object> write, object payload)
    {
        _write = write;
        Payload = payload;
    }

    /// <summary>What is to be written.</summary>
    public object Payload { get; }

    public static PumpMessage Object(object value) => new(static (cmdlet, payload) => cmdlet.WriteObject(payload), value);

    public static PumpMessage Error(ErrorRecord record) => new(static (cmdlet, payload) => cmdlet.WriteError((ErrorRecord)payload), record);

    public static PumpMessage Warning(string text) => new(static (cmdlet, payload) => cmdlet.WriteWarning((string)payload), text);

    /// <summary>The text is made only when it is written: without -Verbose nobody pays for it.</summary>
    public static PumpMessage Verbose(object text) => new(static (cmdlet, payload) => cmdlet.WriteVerbose(payload.ToString()), text);

    public static PumpMessage Debug(RequestTrace trace) => new(static (cmdlet, payload) => WriteBodies(cmdlet, (RequestTrace)payload), trace);

    public void WriteTo(PSCmdlet cmdlet) => _write(cmdlet, Payload);

    private static void WriteBodies(PSCmdlet cmdlet, RequestTrace trace)
    {
        if (!trace.Sent.IsEmpty)
            cmdlet.WriteDebug($"{trace.Method} {trace.Target} sent: {trace.Sent}");
        if (!trace.Received.IsEmpty)
            cmdlet.WriteDebug($"{trace.Method} {trace.Target} received: {trace.Received}");
    }
}
