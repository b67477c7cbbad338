namespace System;

/// <summary>A member that the type of .NET Framework doesn't have.</summary>
internal static class UnixEpochExtensions
{
    extension(DateTimeOffset)
    {
        public static DateTimeOffset UnixEpoch => DateTimeOffset.FromUnixTimeSeconds(0);
    }
}
