using System.Net;
using System.Security;
using NanoBanana.Client.Http;

namespace NanoBanana.Connections;

/// <summary>Reads a key through <c>Get-Secret</c> of whichever vault module is installed; none of them is a dependency.</summary>
internal static class SecretReader
{
    private const string Script = """
        param($Name, $Vault)
        $ErrorActionPreference = 'Stop'
        if ($Vault) { Get-Secret -Name $Name -Vault $Vault } else { Get-Secret -Name $Name }
        """;

    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.ApiKeyMissing"/>: the secret can't be read.</exception>
    public static ApiKey Read(PSCmdlet cmdlet, string name, string? vault)
    {
        if (cmdlet.InvokeCommand.GetCommand("Get-Secret", CommandTypes.All) is null)
            throw Missing("-SecretName needs the command Get-Secret. Install it with Install-Module Microsoft.PowerShell.SecretManagement and register a vault.");
        PSObject? secret;
        try
        {
            secret = cmdlet.InvokeCommand.InvokeScript(Script, name, vault).FirstOrDefault();
        }
        catch (RuntimeException e)
        {
            throw Missing($"The secret '{TextSafety.Excerpt(name)}' can't be read: {TextSafety.Excerpt(e.Message, 300)} In an unattended run the vault must be unlocked beforehand.", e);
        }
        return secret?.BaseObject switch
        {
            string text => new ApiKey(text),
            SecureString secure => FromSecure(secure),
            PSCredential credential => FromSecure(credential.Password),
            null => throw Missing($"There is no secret '{TextSafety.Excerpt(name)}'. Store it with Set-Secret."),
            object other => throw Missing($"The secret '{TextSafety.Excerpt(name)}' is of type {other.GetType().Name}. Store the key as a string or SecureString."),
        };
    }

    public static ApiKey FromSecure(SecureString secure) => new(new NetworkCredential("", secure).Password);

    private static NanoBananaException Missing(string message, Exception? inner = null) =>
        new(NanoBananaErrorKind.ApiKeyMissing, message, inner);
}
