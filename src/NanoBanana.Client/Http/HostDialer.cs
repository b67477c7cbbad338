#if NET
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace NanoBanana.Client.Http;

/// <summary>
/// Connects to a host with several addresses, some of which may not respond (Happy Eyeballs, RFC 8305). The next address is tried when one
/// has failed or has not answered for a short time. The first connection is used. IPv4 and IPv6 addresses alternate.
/// </summary>
/// <param name="time">The clock of the delay.</param>
internal sealed class HostDialer(TimeProvider time)
{
    /// <summary>The Connection Attempt Delay that section 5 of the RFC recommends.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    /// <summary>Looks up a name; tests replace it.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Connects to one address; tests replace it.</summary>
    public Func<IPEndPoint, CancellationToken, Task<Stream>> Dial { get; init; } = DialAsync;

    /// <summary>The addresses of a host. The host may be an IP address.</summary>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await Resolve(host, cancellationToken).ConfigureAwait(false);

    /// <summary>Connects to the address that answers first.</summary>
    /// <param name="addresses">The addresses, at least one, in the order of the system (RFC 6724).</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends all attempts.</param>
    /// <exception cref="SocketException">All connections failed.</exception>
    public async Task<Stream> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        if (addresses.Count == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = new Queue<IPAddress>(Interleave(addresses));
        var running = new List<Task<Stream>>();
        Exception? failure = null;
        try
        {
            while (waiting.Count + running.Count > 0)
            {
                if (waiting.Count > 0)
                    running.Add(Dial(new IPEndPoint(waiting.Dequeue(), port), end.Token));
                Task? delay = waiting.Count > 0 ? time.Sleep(Delay, end.Token) : null;
                // The next attempt starts after the delay, or immediately after a failure.
                Task first = await Task.WhenAny(delay is null ? running : [.. running, delay]).ConfigureAwait(false);
                if (first is not Task<Stream> ended)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    continue;
                }
                running.Remove(ended);
                if (ended.IsCompletedSuccessfully)
                    return await ended.ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                failure = MoreSpecific(failure, ended.Exception?.InnerException ?? new SocketException((int)SocketError.OperationAborted));
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            foreach (Task<Stream> late in running)
                _ = late.ContinueWith(Discard, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        ExceptionDispatchInfo.Throw(failure!);
        throw failure!;
    }

    /// <summary>Alternates between the address family of the first address and the other one.</summary>
    internal static IEnumerable<IPAddress> Interleave(IReadOnlyList<IPAddress> addresses)
    {
        IPAddress[] one = [.. addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily)];
        IPAddress[] other = [.. addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily)];
        for (int i = 0; i < Math.Max(one.Length, other.Length); i++)
        {
            if (i < one.Length)
                yield return one[i];
            if (i < other.Length)
                yield return other[i];
        }
    }

    /// <summary>Prefers an error of the host to the error that this machine has no IPv6.</summary>
    private static Exception MoreSpecific(Exception? known, Exception failure) =>
        known is null or SocketException
        {
            SocketErrorCode: SocketError.NetworkUnreachable or SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable,
        } ? failure : known;

    private static void Discard(Task<Stream> late)
    {
        if (late.IsCompletedSuccessfully)
            late.Result.Dispose();
        else
            _ = late.Exception;
    }

    private static async Task<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
#endif
