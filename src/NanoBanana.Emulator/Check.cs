using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NanoBanana.Emulator;

/// <summary>Argument checks. .NET has them built in, but .NET Framework does not.</summary>
internal static class Check
{
    public static void NotNull([NotNull] object? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is null)
            throw new ArgumentNullException(name);
    }

    public static void Range(
        [DoesNotReturnIf(false)] bool isInRange, object? value, string message, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!isInRange)
            throw new ArgumentOutOfRangeException(name, value, message);
    }
}
