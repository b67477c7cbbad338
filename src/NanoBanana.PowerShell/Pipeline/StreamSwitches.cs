using System.Management.Automation;

namespace NanoBanana.Pipeline;

/// <summary>Whether a stream is on for a command: by its switch, else by the preference variable of its caller.</summary>
internal static class StreamSwitches
{
    public static bool IsVerbose(PSCmdlet cmdlet) => IsOn(cmdlet, "Verbose", "VerbosePreference", IsShown);

    public static bool IsDebug(PSCmdlet cmdlet) => IsOn(cmdlet, "Debug", "DebugPreference", IsShown);

    public static bool IsWhatIf(PSCmdlet cmdlet) => IsOn(cmdlet, "WhatIf", "WhatIfPreference", LanguagePrimitives.IsTrue);

    private static bool IsShown(object? preference) =>
        !LanguagePrimitives.TryConvertTo(preference, out ActionPreference action)
        || action is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private static bool IsOn(PSCmdlet cmdlet, string parameter, string variable, Func<object?, bool> read)
    {
        if (cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out object? given))
            return LanguagePrimitives.IsTrue(given);
        object? preference = cmdlet.SessionState.PSVariable.GetValue(variable);
        return read(preference is PSObject wrapped ? wrapped.BaseObject : preference);
    }
}
