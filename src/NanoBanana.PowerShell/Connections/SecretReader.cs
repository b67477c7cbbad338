using System.Net;
using System.Security;
using NanoBanana.Client.Http;

namespace NanoBanana.Connections;

/// <summary>Reads a key with <c>Get-Secret</c> of the installed vault module. The module does not depend on it.</summary>
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
            throw Missing(Messages.NoSecretModule);
        PSObject? secret;
        try
        {
            secret = cmdlet.InvokeCommand.InvokeScript(Script, name, vault).FirstOrDefault();
        }
        catch (RuntimeException e)
        {
            throw Missing(Messages.SecretNotReadable(name, e.Message), e);
        }
        return secret?.BaseObject switch
        {
            string text => new ApiKey(text),
            SecureString secure => FromSecure(secure),
            PSCredential credential => FromSecure(credential.Password),
            null => throw Missing(Messages.NoSecret(name)),
            object other => throw Missing(Messages.SecretOfOtherType(name, other.GetType())),
        };
    }

    public static ApiKey FromSecure(SecureString secure) => new(new NetworkCredential("", secure).Password);

    private static NanoBananaException Missing(string message, Exception? inner = null) =>
        new(NanoBananaErrorKind.ApiKeyMissing, message, inner);
}
