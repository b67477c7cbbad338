#if NET
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace NanoBanana.Client.Http;

/// <summary>
/// Connects to a host that has several addresses, some of which may be dead (Happy Eyeballs, RFC 8305): the next address is tried when one
/// has failed, or has not answered for a moment, and the first connection is taken. Families of addresses take turns.
/// </summary>
/// <param name="time">The clock of the delay.</param>
internal sealed class HostDialer(TimeProvider time)
{
    /// <summary>Connection Attempt Delay: the value that section 5 of the RFC recommends.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    /// <summary>Looks up a name; stands in for DNS.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Connects to one address; stands in for sockets.</summary>
    public Func<IPEndPoint, CancellationToken, Task<Stream>> Dial { get; init; } = DialAsync;

    /// <summary>The addresses of a host, which may be an address itself.</summary>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await Resolve(host, cancellationToken).ConfigureAwait(false);

    /// <summary>Connects to whichever address answers first.</summary>
    /// <param name="addresses">At least one, in the order of the system, which has sorted them (RFC 6724).</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends all attempts.</param>
    /// <exception cref="SocketException">None can be connected to.</exception>
    public async Task<Stream> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        if (addresses.Count == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = new Queue<IPAddress>(TakeTurns(addresses));
        var running = new List<Task<Stream>>();
        Exception? failure = null;
        try
        {
            while (waiting.Count + running.Count > 0)
            {
                if (waiting.Count > 0)
                    running.Add(Dial(new IPEndPoint(waiting.Dequeue(), port), end.Token));
                Task? delay = waiting.Count > 0 ? time.Sleep(Delay, end.Token) : null;
                // The next attempt begins after the delay, or at once when one has failed.
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
                failure = MoreTelling(failure, ended.Exception?.InnerException ?? new SocketException((int)SocketError.OperationAborted));
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

    /// <summary>The first family of the list and the other one by turns.</summary>
    internal static IEnumerable<IPAddress> TakeTurns(IReadOnlyList<IPAddress> addresses)
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

    /// <summary>That this machine has no IPv6 says nothing of the host.</summary>
    private static Exception MoreTelling(Exception? known, Exception failure) =>
        known is null or SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable } ? failure : known;

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
