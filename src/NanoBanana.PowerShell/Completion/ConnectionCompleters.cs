using System.Collections;
using NanoBanana.Client.Http;

namespace NanoBanana.Completion;

/// <summary>The provider's addresses, of all protocols or of the one that is typed already.</summary>
internal sealed class EndpointCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        string? protocol = Given(bound, "Protocol", Enum.GetNames(typeof(ApiProtocol)));
        return KnownEndpoints.All
            .Where(known => protocol is null || known.Protocol.ToString() == protocol)
            .Select(known => new Candidate(known.Endpoint.ToString(), Describe(known.Endpoint, known.Protocol)));
    }

    private static string Describe(Uri endpoint, ApiProtocol protocol)
    {
        string what = protocol == ApiProtocol.Queue ? "tasks can be canceled, images come with their size" : "images come with their tokens";
        string when = endpoint != KnownEndpoints.Of(protocol) ? "" : protocol == default ? "; what you get when you name none" : $"; what you get with -Protocol {protocol} alone";
        return $"The provider, protocol {protocol}: {what}{when}";
    }
}

/// <summary>
/// The vaults that are registered here. The names of secrets are not offered: to list them a vault may ask for its
/// password, in the middle of a line.
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

/// <summary>The endpoints of the emulators that run in this process, the newest first, with what was bought there.</summary>
internal sealed class EmulatorCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) => RunspaceData.HasEmulators ? Running() : [];

    // A method of its own: the one above must not load the emulator.
    private static IEnumerable<Candidate> Running() => RunspaceData.AllEmulators.Reverse()
        .Select(emulator => new Candidate(emulator.Endpoint.ToString(), $"{emulator.Counters.CreatesAccepted} tasks bought"));
}
