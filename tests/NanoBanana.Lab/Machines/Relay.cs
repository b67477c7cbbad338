using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NanoBanana.Lab.Machines;

/// <summary>
/// Carries what a machine sends to the provider and what it is answered, with the delay of a real network. The provider listens
/// at the loopback address, and a machine finds it at its own.
/// </summary>
internal sealed class Relay : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(150);

    private readonly int _port;
    private readonly Socket _listener;
    private readonly Action<DateTime, string> _answered;
    private volatile TaskCompletionSource _open = Opened();

    /// <param name="network">The namespace of the machine.</param>
    /// <param name="port">The port of the provider, here and there.</param>
    /// <param name="answered">Receives what a submit is answered with, once it is there, and when its connection was made.</param>
    public Relay(string network, int port, Action<DateTime, string> answered)
    {
        (_port, _answered) = (port, answered);
        _listener = NetworkNamespace.Listen(network, port);
        _ = AcceptAsync();
    }

    /// <summary>Carries nothing more in either direction until <see cref="Join"/>. Nothing is lost, as in TCP.</summary>
    public void Part()
    {
        if (_open.Task.IsCompleted)
            _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends a partition.</summary>
    public void Join() => _open.TrySetResult();

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task CarryAsync(Socket machine)
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
                    before: text => isSubmit = Begins(text, "POST ") || (isSubmit && !Begins(text, "GET ")));
                Task back = CopyAsync(provider, machine, before: _ => { }, after: text =>
                {
                    if (isSubmit)
                        _answered(connected, text);
                });
                await Task.WhenAny(there, back);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Either side is gone: so is the other.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, Action<string> before, Action<string> after)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer) is > 0 and var count)
        {
            await Task.Delay(Delay);
            await _open.Task;
            string text = Encoding.Latin1.GetString(buffer, 0, Math.Min(count, 4096));
            before(text);
            await to.SendAsync(buffer.AsMemory(0, count));
            after(text);
        }
    }

    private static bool Begins(string text, string method) => text.StartsWith(method, StringComparison.Ordinal);

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
