using System.Management.Automation;
using NanoBanana.Client.Http;

namespace NanoBanana.Pipeline;

/// <summary>Something that async work wants written. Only the pipeline thread may write, so it waits in the pump.</summary>
internal readonly struct PumpMessage
{
    private readonly Action<NanoBananaCmdlet, object> _write;
    private readonly object _payload;

    private PumpMessage(Action<NanoBananaCmdlet, object> write, object payload)
    {
        _write = write;
        _payload = payload;
    }

    public static PumpMessage Object(object value) => new(static (cmdlet, payload) => cmdlet.WriteObject(payload), value);

    /// <summary>A task that is in hand until it is written.</summary>
    public static PumpMessage Task(ImageTask task, StopNotice notice) => new(
        static (cmdlet, payload) =>
        {
            (ImageTask task, StopNotice notice) = ((ImageTask, StopNotice))payload;
            cmdlet.WriteObject(task);
            notice.Remove(task);
        },
        (task, notice));

    public static PumpMessage Error(ErrorRecord record) => new(static (cmdlet, payload) => cmdlet.WriteError((ErrorRecord)payload), record);

    public static PumpMessage Warning(string text) => new(static (cmdlet, payload) => cmdlet.WriteWarning((string)payload), text);

    /// <summary>The text is made only when it is written: without -Verbose nobody pays for it.</summary>
    public static PumpMessage Verbose(object text) => new(static (cmdlet, payload) => cmdlet.WriteVerbose($"{payload}"), text);

    public static PumpMessage Debug(RequestTrace trace) => new(static (cmdlet, payload) => WriteBodies(cmdlet, (RequestTrace)payload), trace);

    public void WriteTo(NanoBananaCmdlet cmdlet) => _write(cmdlet, _payload);

    private static void WriteBodies(NanoBananaCmdlet cmdlet, RequestTrace trace)
    {
        if (!trace.Sent.IsEmpty)
            cmdlet.WriteDebug($"{trace.Method} {trace.Target} sent: {trace.Sent}");
        if (!trace.Received.IsEmpty)
            cmdlet.WriteDebug($"{trace.Method} {trace.Target} received: {trace.Received}");
    }
}
