using System.Management.Automation.Runspaces;
using NanoBanana.Client.Journal;
using NanoBanana.Client.Http;

namespace NanoBanana.Connections;

/// <summary>
/// Creates connections, and finds the connection of a command: given, current, or created with the key of the environment.
/// </summary>
internal static class ConnectionResolver
{
    public const string KeyVariable = "NANOBANANA_API_KEY";

    /// <summary>The connection of a command.</summary>
    /// <param name="given">The value of <c>-Connection</c>; null if it is not given.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.ApiKeyMissing"/>: there is no connection.</exception>
    public static NanoBananaConnection Resolve(NanoBananaConnection? given)
    {
        if (given is not null)
            return given;
        NanoBananaConnection? current = RunspaceData.Current.Connection;
        // A key from the environment is read again for each command.
        if (current is { KeySource: not ApiKeySource.Environment })
            return current;
        if (RunspaceData.Current.StoppedEmulator is { } stopped)
            throw NoConnection(stopped);
        var existing = (ConnectedClient?)current?.Client;
        string key = KeyOfEnvironment();
        if (existing is not null && existing.Options.ApiKey.Matches(key))
            return current!;
        NanoBananaClientOptions options = existing is null
            ? new NanoBananaClientOptions { ApiKey = new ApiKey(key) }
            : existing.Options with { ApiKey = new ApiKey(key) };
        return RunspaceData.Current.Connection = Create(options, ApiKeySource.Environment);
    }

    /// <summary>Whether <see cref="Resolve"/> finds a connection.</summary>
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

    /// <summary>Creates a connection. Sends nothing.</summary>
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
            // A serializer can read it on a thread without a location of PowerShell.
            JournalSource = () => JournalLocation.Of(
                options.Endpoint,
                PathReader.NamedJournal,
                Runspace.DefaultRunspace is null ? Path.GetFullPath : PathReader.JournalOfSession).Path,
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

    /// <summary>The daily limits of a connection: its own limits and the limits of the environment.</summary>
    /// <param name="connection">The connection; null without a connection.</param>
    /// <exception cref="NanoBananaException">
    /// <see cref="NanoBananaErrorKind.InvalidRequest"/>: a limit in the environment is not valid.
    /// </exception>
    public static SpendingLimits DailyLimitsOf(NanoBananaConnection? connection) =>
        (((ConnectedClient?)connection?.Client)?.Options.DailyLimits ?? SpendingLimits.None).And(SpendingLimits.OfDayInEnvironment());

    /// <summary>
    /// The client of a connection, without a journal. For a client with a journal, see <see cref="JournalAccess.ClientOf"/>.
    /// </summary>
    public static NanoBananaClient ClientOf(NanoBananaConnection connection) => ((ConnectedClient)connection.Client).Client;

    /// <summary>The key in the environment variable.</summary>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.ApiKeyMissing"/>: the variable is not set.</exception>
    public static string KeyOfEnvironment() => Environment.GetEnvironmentVariable(KeyVariable) is { } key && !string.IsNullOrWhiteSpace(key)
        ? key
        : throw new NanoBananaException(NanoBananaErrorKind.ApiKeyMissing, Messages.NoKey(KeyVariable));

    /// <summary>
    /// The error after an emulator was stopped. The key of the environment pays at the service, so it is not used automatically.
    /// </summary>
    private static NanoBananaException NoConnection(Uri stopped) =>
        new(NanoBananaErrorKind.ApiKeyMissing, Messages.EmulatorWasStopped(stopped));

    /// <summary>
    /// The warning before a submission goes to a service although this session used an emulator, for example after Import-Module -Force.
    /// Null if no warning is required. It is written once. A preview does not count.
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
        return Messages.LeavesEmulator(emulator, endpoint);
    }

    /// <summary>The client of a connection, and the options to create it again with another key.</summary>
    private sealed record ConnectedClient(NanoBananaClient Client, NanoBananaClientOptions Options);
}
