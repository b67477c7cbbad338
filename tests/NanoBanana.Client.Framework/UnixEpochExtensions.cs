namespace System;

/// <summary>A member that .NET Framework's own type has not.</summary>
internal static class UnixEpochExtensions
{
    extension(DateTimeOffset)
    {
        public static DateTimeOffset UnixEpoch => DateTimeOffset.FromUnixTimeSeconds(0);
    }
}
