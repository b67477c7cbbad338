using NanoBanana.Client;
using NanoBanana.Client.Http;

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

    /// <summary>
    /// The warning before a purchase that leaves for a service although this session used an emulator, as after Import-Module -Force;
    /// null when there is none to give. Given once; a preview leaves it for the purchase.
    /// </summary>
    public static string? EmulatorWarning(bool isPreview)
    {
        NanoBananaConnection? current = ConnectionStore.Current;
        bool isRefused = current is null && string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(KeyVariable));
        Uri endpoint = current?.Endpoint ?? NanoBananaClientOptions.DefaultEndpoint;
        if (isRefused || endpoint.IsLoopback || EmulatorStore.Used is not { } emulator)
            return null;
        if (!isPreview)
            EmulatorStore.Used = null;
        return $"This session used the emulator at {emulator}, and its purchases now go to {endpoint} and cost money. "
            + "To use an emulator, run Start-NanoBananaEmulator | Connect-NanoBanana. "
            + $"To confirm this endpoint, run Connect-NanoBanana -Endpoint {endpoint}.";
    }

    public static NanoBananaException KeyMissing() => new(
        NanoBananaErrorKind.ApiKeyMissing,
        $"There is no API key. Set $env:{KeyVariable}, or run Connect-NanoBanana -ApiKey (Read-Host -AsSecureString), or Connect-NanoBanana -SecretName NAME. To try without a key: Start-NanoBananaEmulator | Connect-NanoBanana.");
}
