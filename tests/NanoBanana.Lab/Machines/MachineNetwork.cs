using System.Globalization;

namespace NanoBanana.Lab.Machines;

/// <summary>
/// The network of a machine: a link only to the database, and a <see cref="Relay"/> for each port of the provider.
/// </summary>
internal sealed class MachineNetwork : IDisposable
{
    /// <summary>The address of the database for every machine.</summary>
    public const string DatabaseHost = "10.77.255.1";

    private readonly Relay[] _relays;
    private readonly string _link;

    /// <param name="name">The name of the namespace to create.</param>
    /// <param name="number">From 1.</param>
    /// <param name="ports">The ports of the provider.</param>
    /// <param name="answered">Receives the answers to submissions. See <see cref="Relay"/>.</param>
    public MachineNetwork(string name, int number, IEnumerable<int> ports, Action<DateTime, string> answered)
    {
        string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        string host = Invariant($"10.77.{number}.1");
        _link = Invariant($"db{number}");
        Tool.Run("ip", $"netns add {name}");
        Tool.Run("ip", $"link add {_link} type veth peer name eth0 netns {name}");
        Tool.Run("ip", $"addr add {host}/30 dev {_link}");
        Tool.Run("ip", $"link set {_link} up");
        Tool.Run("ip", Invariant($"-n {name} addr add 10.77.{number}.2/30 dev eth0"));
        Tool.Run("ip", $"-n {name} link set eth0 up");
        Tool.Run("ip", $"-n {name} link set lo up");
        Tool.Run("ip", $"-n {name} route add default via {host}");
        _relays = [.. ports.Select(port => new Relay(name, port, answered))];
    }

    /// <summary>Disables the link to the database. Packets are lost without an error.</summary>
    public void DisconnectDatabase() => Tool.Run("ip", $"link set {_link} down");

    public void ReconnectDatabase() => Tool.Run("ip", $"link set {_link} up");

    /// <summary>Disables the link to the database and blocks the relays.</summary>
    public void DisconnectAll()
    {
        DisconnectDatabase();
        Array.ForEach(_relays, relay => relay.Block());
    }

    public void ReconnectAll()
    {
        Array.ForEach(_relays, relay => relay.Unblock());
        ReconnectDatabase();
    }

    public void Dispose() => Array.ForEach(_relays, relay => relay.Dispose());
}
