using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Lab.Machines;

/// <summary>
/// Forwards the connections of a machine to the provider, with the delay of a real network. The provider listens at the loopback
/// address of the host, and a machine connects to its own loopback address.
/// </summary>
internal sealed class Relay : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(150);

    private readonly int _port;
    private readonly Socket _listener;
    private readonly Action<DateTime, string> _answered;
    private volatile TaskCompletionSource _unblocked = Completed();

    /// <param name="network">The namespace of the machine.</param>
    /// <param name="port">The port of the provider, on the host and in the namespace.</param>
    /// <param name="answered">Receives the time of the connection and the answer to a submission, after the answer is sent.</param>
    public Relay(string network, int port, Action<DateTime, string> answered)
    {
        (_port, _answered) = (port, answered);
        _listener = NetworkNamespace.Listen(network, port);
        _ = AcceptAsync();
    }

    /// <summary>Forwards nothing in either direction until <see cref="Unblock"/>. As in TCP, no bytes are lost.</summary>
    public void Block()
    {
        if (_unblocked.Task.IsCompleted)
            _unblocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends a partition.</summary>
    public void Unblock() => _unblocked.TrySetResult();

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ForwardAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ForwardAsync(Socket machine)
    {
        using (machine)
        using (var provider = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            machine.NoDelay = true;
            bool isSubmit = false;
            DateTime connected = DateTime.UtcNow;
            try
            {
                await provider.ConnectAsync(IPAddress.Loopback, _port);
                Task there = CopyAsync(
                    machine, provider, after: _ => { },
                    before: text => isSubmit = StartsWith(text, "POST ") || (isSubmit && !StartsWith(text, "GET ")));
                Task back = CopyAsync(provider, machine, before: _ => { }, after: text =>
                {
                    if (isSubmit)
                        _answered(connected, text);
                });
                await Task.WhenAny(there, back);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // One side has closed the connection, so the other is closed, too.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Action<string> before, Action<string> after)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var count)
        {
            await Task.Delay(Delay);
            await _unblocked.Task;
            string text = Encoding.Latin1.GetString(buffer, 0, Math.Min(count, 4096));
            before(text);
            await to.SendAsync(buffer.AsMemory(0, count));
            after(text);
        }
    }

    private static bool StartsWith(string text, string method) => text.StartsWith(method, StringComparison.Ordinal);

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }
}
