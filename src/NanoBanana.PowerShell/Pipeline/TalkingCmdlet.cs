using System.Management.Automation;
using NanoBanana.Client;
using NanoBanana.Connections;

namespace NanoBanana.Pipeline;

/// <summary>A command that talks to the API, over the connection it is given or the runspace's own.</summary>
public abstract class TalkingCmdlet : NanoBananaCmdlet
{
    private readonly List<IDisposable> _leases = [];
    private StopNotice? _notice;
    private bool _left;

    /// <summary>The connection to talk over; the runspace's own when not given.</summary>
    [Parameter]
    [ValidateNotNull]
    public NanoBananaConnection? Connection { get; set; }

    private protected NanoBananaClient Client => ConnectionFactory.ClientOf(Connection!);

    private protected StopNotice Notice => _notice ??= new StopNotice(Host, () => Client.IsJournaled(Pump));

    /// <inheritdoc/>
    protected override void Begin() => Connection = ConnectionResolver.Resolve(Connection);

    /// <inheritdoc/>
    protected override void Conclude()
    {
        // A script that ends here has all of it on the disk. A command that started no work, as under -WhatIf, makes no journal.
        if (Pump.HasStarted)
            Client.FlushAsync(Pump).GetAwaiter().GetResult();
        Pump.Drain();
        if (_notice?.TimeoutLine() is { } line)
            WriteWarning(line);
    }

    /// <inheritdoc/>
    protected override void Interrupted() => Notice.Say();

    /// <summary>
    /// Keeps a task for this process to the end of the pipeline, also while it is between two commands, so that no other
    /// process takes it from the journal.
    /// </summary>
    private protected void Hold(ImageTask task)
    {
        IDisposable lease = Client.Hold(task, Pump);
        lock (_leases)
        {
            if (!_left)
            {
                _leases.Add(lease);
                return;
            }
        }
        lease.Dispose();
    }

    /// <inheritdoc/>
    protected override void Leave()
    {
        lock (_leases)
        {
            _left = true;
            _leases.ForEach(lease => lease.Dispose());
            _leases.Clear();
        }
    }
}
