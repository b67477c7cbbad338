namespace NanoBanana.Texts;

/// <content>Keys, connections and emulators.</content>
internal static partial class Messages
{
    private const string StartEmulatorScript = "Start-NanoBananaEmulator | Connect-NanoBanana";

    public static string NoKey(string variable) =>
        $"There is no API key. Set $env:{variable}, or run Connect-NanoBanana -ApiKey (Read-Host -AsSecureString) or "
        + $"Connect-NanoBanana -SecretName NAME. To try the module without a key, run {StartEmulatorScript}.";

    public static string EmulatorWasStopped(Uri endpoint) =>
        $"There is no connection, because the emulator at {endpoint} was stopped. To use another emulator, run {StartEmulatorScript}. "
        + "To use the service, where images cost money, run Connect-NanoBanana.";

    public static string LeavesEmulator(Uri emulator, Uri endpoint) =>
        $"This session used the emulator at {emulator}. Requests are now submitted to {endpoint} and cost money. "
        + $"To use an emulator, run {StartEmulatorScript}. To confirm this endpoint, run Connect-NanoBanana -Endpoint {endpoint}.";

    public const string ValueIsNoKey =
        "The value of -ApiKey is not a key. Specify a string, a SecureString, a credential, or an object that has one of these in its "
        + "property ApiKey.";

    public const string NoSecretModule =
        "-SecretName needs the command Get-Secret. Run Install-Module Microsoft.PowerShell.SecretManagement, and register a vault.";

    public static string SecretNotReadable(string name, string reason) =>
        $"The secret {Quote(name)} can't be read: {TextSafety.Excerpt(reason, 300)} "
        + "For an unattended run, unlock the vault first.";

    public static string NoSecret(string name) => $"There is no secret {Quote(name)}. Store it with Set-Secret.";

    public static string SecretOfOtherType(string name, Type type) =>
        $"The secret {Quote(name)} is of type {type.Name}. Store the key as a string or a SecureString.";

    public const string NoDestinationToCheck = "To check a folder, specify it with -Destination.";

    public const string NoConnection = "There is no connection.";

    public static string JournalMayLoseData(string weakness) => $"{weakness} Until then, -Batch is refused.";

    public static string JournalIsUsable(string name) => $"'{name}' can be opened and written.";

    public const string FaultKindWithoutRate =
        "-FaultKind has no effect without -FaultRate. Specify -FaultRate too, for example 0.1 for one request in ten.";

    public const string StartEmulator = "Start the NanoBanana emulator";

    public const string StopEmulator = "Stop the NanoBanana emulator";

    public static string PortNotAvailable(int port, string reason) =>
        $"The emulator can't listen on port {port}: {reason.TrimEnd('.')}. To use any free port, specify -Port 0.";

    public static string EmulatorNotStarted(string reason) => $"The emulator can't start: {reason}";

    public static string NotAnEmulator(object value) =>
        $"{Quote($"{value}")} is not an emulator that runs in this process. "
        + "Specify an emulator from Get-NanoBananaEmulator, or its endpoint. To stop all emulators of this session, omit the value.";
}
