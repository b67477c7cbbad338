using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace NanoBanana.Client.Journal;

/// <summary>
/// Names a process so that another can tell later whether it still lives: machine, process id, and when it began, since
/// ids are used again.
/// </summary>
internal static class ProcessIdentity
{
    /// <summary>The start time is computed from the boot time, which processes of one machine read a little differently.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>How long a process of another machine is taken to live after its last word.</summary>
    private static readonly TimeSpan RemoteLease = TimeSpan.FromMinutes(15);

    /// <summary>This process.</summary>
    public static readonly string Mine = Describe();

    /// <param name="owner">As <see cref="Mine"/> of the process in question.</param>
    /// <param name="sinceItsLastWord">The time since it last wrote to the row.</param>
    public static bool Lives(string? owner, TimeSpan sinceItsLastWord)
    {
        if (owner is null)
            return false;
        if (owner == Mine)
            return true;
        string[] parts = owner.Split('/');
        if (parts.Length != 3 || parts[0] != Environment.MachineName)
            return sinceItsLastWord < RemoteLease;
        try
        {
            using var process = Process.GetProcessById(int.Parse(parts[1], CultureInfo.InvariantCulture));
            long started = long.Parse(parts[2], CultureInfo.InvariantCulture);
            return !process.HasExited && (process.StartTime.ToUniversalTime() - new DateTime(started, DateTimeKind.Utc)).Duration() < Tolerance;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception or FormatException or OverflowException)
        {
            // No such process, or one whose start may not be asked for: another user's, so not the one that wrote here.
            return false;
        }
    }

    private static string Describe()
    {
        using var process = Process.GetCurrentProcess();
        return string.Format(
            CultureInfo.InvariantCulture, "{0}/{1}/{2}", Environment.MachineName, process.Id, process.StartTime.ToUniversalTime().Ticks);
    }
}
