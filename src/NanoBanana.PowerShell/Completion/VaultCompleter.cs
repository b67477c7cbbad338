using System.Collections;
using System.Management.Automation;

namespace NanoBanana.Completion;

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
