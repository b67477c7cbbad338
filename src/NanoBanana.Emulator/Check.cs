using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NanoBanana.Emulator;

/// <summary>Argument checks. .NET has them built in, but .NET Framework does not.</summary>
internal static class Check
{
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public static void NotNull([NotNull] object? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is null)
            throw new ArgumentNullException(name);
    }

    /// <param name="isInRange">Whether the value is in its range.</param>
    /// <param name="value">The value.</param>
    /// <param name="message">The message of the exception.</param>
    /// <param name="name">The name of the argument.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in its range.</exception>
    public static void Range(
        [DoesNotReturnIf(false)] bool isInRange, object? value, string message, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!isInRange)
            throw new ArgumentOutOfRangeException(name, value, message);
    }
}
