using System.Collections;
using NanoBanana.Client.Http;

namespace NanoBanana.Completion;

/// <summary>The provider's addresses, for all protocols or for the value of -Protocol.</summary>
internal sealed class EndpointCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        string? protocol = Given(bound, "Protocol", Enum.GetNames(typeof(ApiProtocol)));
        return KnownEndpoints.All
            .Where(known => protocol is null || known.Protocol.ToString() == protocol)
            .Select(known => new Candidate(
                known.Endpoint.ToString(), Messages.EndpointTip(known.Protocol, known.Endpoint == KnownEndpoints.Of(known.Protocol))));
    }
}

/// <summary>
/// The registered vaults. The names of secrets are not offered, because a vault can prompt for its password to list them.
/// </summary>
internal sealed class VaultCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return [.. shell.AddCommand("Get-SecretVault").AddParameter("ErrorAction", "Ignore").Invoke()
            .Select(vault => new Candidate($"{vault.Properties["Name"]?.Value}", $"{vault.Properties["ModuleName"]?.Value}"))
            .Where(candidate => candidate.Value.Length > 0)];
    }
}

/// <summary>The endpoints of the running emulators of this process, the newest first, with the number of their tasks.</summary>
internal sealed class EmulatorCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) => RunspaceData.HasEmulators ? Running() : [];

    // A separate method, so that the method above does not load the emulator.
    private static IEnumerable<Candidate> Running() => RunspaceData.AllEmulators.Reverse()
        .Select(emulator => new Candidate(emulator.Endpoint.ToString(), Messages.EmulatorTip(emulator.Counters.CreatesAccepted)));
}
