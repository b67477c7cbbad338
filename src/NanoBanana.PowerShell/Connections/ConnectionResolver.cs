using NanoBanana.Client;

namespace NanoBanana.Connections;

/// <summary>Finds the connection that a command talks over: given, remembered, or made from the environment's key.</summary>
internal static class ConnectionResolver
{
    public const string KeyVariable = "NANOBANANA_API_KEY";

    /// <param name="given">The value of <c>-Connection</c>, if there was one.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.ApiKeyMissing"/>: there is none.</exception>
    public static NanoBananaConnection Resolve(NanoBananaConnection? given)
    {
        if (given is not null)
            return given;
        NanoBananaConnection? current = ConnectionStore.Current;
        // A key that comes from the environment follows the environment.
        if (current is { KeySource: not ApiKeySource.Environment })
            return current;
        string? key = Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrWhiteSpace(key))
            throw KeyMissing();
        if (current is not null && ((ConnectedClient)current.Client).Key.Matches(key!))
            return current;
        NanoBananaConnection made = current is null
            ? ConnectionFactory.Create(new NanoBananaClientOptions { ApiKey = new ApiKey(key!) }, ApiKeySource.Environment)
            : ConnectionFactory.Create(((ConnectedClient)current.Client).Options with { ApiKey = new ApiKey(key!) }, ApiKeySource.Environment);
        ConnectionStore.Remember(made);
        return made;
    }

    public static NanoBananaException KeyMissing() => new(
        NanoBananaErrorKind.ApiKeyMissing,
        $"There is no API key. Set $env:{KeyVariable}, or run Connect-NanoBanana -ApiKey (Read-Host -AsSecureString), or Connect-NanoBanana -SecretName NAME. To try without a key: Start-NanoBananaEmulator | Connect-NanoBanana.");
}
