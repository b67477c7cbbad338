using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NanoBanana.Emulator;

/// <summary>Argument checks that .NET has built in and .NET Framework has not.</summary>
internal static class Check
{
    public static void NotNull([NotNull] object? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is null)
            throw new ArgumentNullException(name);
    }

    public static void Range(
        [DoesNotReturnIf(false)] bool holds, object? value, string rule, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, rule);
    }
}
