using System.Globalization;

namespace NanoBanana.Lab.Machines;

/// <summary>
/// The network of a machine: a link to the database that carries nothing else, and a <see cref="Relay"/> for each port of the provider.
/// </summary>
internal sealed class MachineNetwork : IDisposable
{
    /// <summary>The address at which the database is found from every machine.</summary>
    public const string DatabaseHost = "10.77.255.1";

    private readonly Relay[] _relays;
    private readonly string _link;

    /// <param name="name">The namespace, which is made.</param>
    /// <param name="number">From 1.</param>
    /// <param name="ports">The ports of the provider.</param>
    /// <param name="answered">Receives what submits are answered with: see <see cref="Relay"/>.</param>
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

    /// <summary>Cuts the link to the database: packets are lost in silence.</summary>
    public void PartFromDatabase() => Tool.Run("ip", $"link set {_link} down");

    public void JoinDatabase() => Tool.Run("ip", $"link set {_link} up");

    /// <summary>Cuts both ways.</summary>
    public void PartFromAll()
    {
        PartFromDatabase();
        Array.ForEach(_relays, relay => relay.Part());
    }

    public void JoinAll()
    {
        Array.ForEach(_relays, relay => relay.Join());
        JoinDatabase();
    }

    public void Dispose() => Array.ForEach(_relays, relay => relay.Dispose());
}
