using System.Management.Automation.Runspaces;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Http;

namespace NanoBanana.Connections;

/// <summary>Makes connections, and finds the one that a command talks over: given, remembered, or made from the environment's key.</summary>
internal static class ConnectionResolver
{
    public const string KeyVariable = "NANOBANANA_API_KEY";

    /// <param name="given">The value of <c>-Connection</c>, if there was one.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.ApiKeyMissing"/>: there is none.</exception>
    public static NanoBananaConnection Resolve(NanoBananaConnection? given)
    {
        if (given is not null)
            return given;
        NanoBananaConnection? current = RunspaceData.Current.Connection;
        // A key that comes from the environment follows the environment.
        if (current is { KeySource: not ApiKeySource.Environment })
            return current;
        if (RunspaceData.Current.StoppedEmulator is { } stopped)
            throw NoConnection(stopped);
        var known = (ConnectedClient?)current?.Client;
        string key = KeyOfEnvironment();
        if (known is not null && known.Options.ApiKey.Matches(key))
            return current!;
        NanoBananaClientOptions options = known is null
            ? new NanoBananaClientOptions { ApiKey = new ApiKey(key) }
            : known.Options with { ApiKey = new ApiKey(key) };
        return RunspaceData.Current.Connection = Create(options, ApiKeySource.Environment);
    }

    /// <summary>Whether <see cref="Resolve"/> finds one.</summary>
    public static bool CanResolve(NanoBananaConnection? given)
    {
        try
        {
            Resolve(given);
            return true;
        }
        catch (NanoBananaException e) when (e.Kind == NanoBananaErrorKind.ApiKeyMissing)
        {
            return false;
        }
    }

    /// <summary>Makes a connection. Nothing is sent.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: the options can't be used.</exception>
    public static NanoBananaConnection Create(NanoBananaClientOptions options, ApiKeySource source)
    {
        options = options with { LimitsOfEnvironment = SpendingLimits.OfDayInEnvironment };
        return new(new ConnectedClient(new NanoBananaClient(options), options))
        {
            Endpoint = options.Endpoint,
            Protocol = options.Protocol,
            KeySource = source,
            MaskedKey = options.ApiKey.Masked,
            // A serializer may ask from a thread that has no location of PowerShell.
            JournalSource = () => JournalLocation.Of(
                options.Endpoint, PathReader.NamedJournal, Runspace.DefaultRunspace is null ? Path.GetFullPath : PathReader.JournalOfSession).Path,
            ProxySource = new Lazy<Uri?>(() => ApiProxy.For(options, options.Endpoint)),
            Header = options.Headers.Names,
            MaximumRetryCount = options.MaximumRetryCount,
            MaximumImageSize = options.MaximumImageBytes,
            RequestsPerMinute = options.RequestsPerMinute,
            MaximumImagesPerDay = options.DailyLimits.Images,
            MaximumTokensPerDay = options.DailyLimits.Tokens,
            MaximumCostPerDay = options.DailyLimits.Cost,
            MaximumCostPerImage = options.DailyLimits.CostPerImage,
            ImageTransfer = options.ImageTransfer,
            LogPath = options.LogPath,
        };
    }

    /// <summary>The limits of a day that hold over a connection: its own and those of the environment.</summary>
    /// <param name="connection">The connection; null before there is one.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a limit in the environment can't be read.</exception>
    public static SpendingLimits DailyLimitsOf(NanoBananaConnection? connection) =>
        (((ConnectedClient?)connection?.Client)?.Options.DailyLimits ?? SpendingLimits.None).And(SpendingLimits.OfDayInEnvironment());

    /// <summary>The client behind a connection, without a journal: see <see cref="JournalAccess.ClientOf"/>.</summary>
    public static NanoBananaClient ClientOf(NanoBananaConnection connection) => ((ConnectedClient)connection.Client).Client;

    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.ApiKeyMissing"/>: there is none.</exception>
    public static string KeyOfEnvironment() => Environment.GetEnvironmentVariable(KeyVariable) is { } key && !string.IsNullOrWhiteSpace(key)
        ? key
        : throw new NanoBananaException(
            NanoBananaErrorKind.ApiKeyMissing,
            $"There is no API key. Set $env:{KeyVariable}, or run Connect-NanoBanana -ApiKey (Read-Host -AsSecureString), or Connect-NanoBanana -SecretName NAME. To try without a key: Start-NanoBananaEmulator | Connect-NanoBanana.");

    /// <summary>The key of the environment pays at the service: it does not take the place of an emulator by itself.</summary>
    private static NanoBananaException NoConnection(Uri stopped) => new(
        NanoBananaErrorKind.ApiKeyMissing,
        $"There is no connection: the emulator at {stopped} was stopped. For another one, run Start-NanoBananaEmulator | "
        + "Connect-NanoBanana. For the service, where images cost money, run Connect-NanoBanana.");

    /// <summary>
    /// The warning before a purchase that leaves for a service although this session used an emulator, as after Import-Module -Force;
    /// null when there is none to give. Given once; a preview leaves it for the purchase.
    /// </summary>
    public static string? EmulatorWarning(bool isPreview)
    {
        NanoBananaConnection? current = RunspaceData.Current.Connection;
        bool isRefused = RunspaceData.Current.StoppedEmulator is not null
            || (current is null && string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(KeyVariable)));
        Uri endpoint = current?.Endpoint ?? NanoBananaClientOptions.DefaultEndpoint;
        if (isRefused || endpoint.IsLoopback || RunspaceData.Current.UsedEmulator is not { } emulator)
            return null;
        if (!isPreview)
            RunspaceData.Current.UsedEmulator = null;
        return $"This session used the emulator at {emulator}, and its purchases now go to {endpoint} and cost money. "
            + "To use an emulator, run Start-NanoBananaEmulator | Connect-NanoBanana. "
            + $"To confirm this endpoint, run Connect-NanoBanana -Endpoint {endpoint}.";
    }

    /// <summary>What stands behind a connection: the client, and what it takes to make it again with another key.</summary>
    private sealed record ConnectedClient(NanoBananaClient Client, NanoBananaClientOptions Options);
}
