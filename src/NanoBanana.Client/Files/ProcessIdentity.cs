using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NanoBanana.Client.Files;

/// <summary>
/// Names a process so that another can tell later whether it still lives: machine, process id, and when it began, since
/// ids are used again.
/// </summary>
internal static class ProcessIdentity
{
    /// <summary>macOS reads a start time a little differently each time.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>How long a process of another machine is taken to live after its last word.</summary>
    private static readonly TimeSpan RemoteLease = TimeSpan.FromMinutes(15);

    /// <summary>This process: machine, id and start.</summary>
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
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            && StartOf(id) is { } start && IsSameStart(start, parts[2]);
    }

    /// <summary>
    /// When a process began; null for one that does not live. On Linux it is counted from the boot, whose id goes with
    /// it: times of day would move with every step of the clock, and a living process would seem to be another one.
    /// </summary>
    public static string? StartOf(int processId)
    {
        try
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
                return LinuxStartOf(processId);
            using var process = Process.GetProcessById(processId);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception or IOException or UnauthorizedAccessException)
        {
            // No such process, or one whose start may not be asked for: another user's, so not the one that wrote here.
            return null;
        }
    }

    private static string Describe()
    {
        using var process = Process.GetCurrentProcess();
        return string.Format(CultureInfo.InvariantCulture, "{0}/{1}/{2}", Environment.MachineName, process.Id, StartOf(process.Id));
    }

    // See proc_pid_stat(5): the name in parentheses can hold anything; field 3 is the state, field 22 the start.
    private static string? LinuxStartOf(int processId)
    {
        string stat = File.ReadAllText(string.Format(CultureInfo.InvariantCulture, "/proc/{0}/stat", processId));
        string[] fields = stat.Substring(stat.LastIndexOf(')') + 2).Split(' ');
        bool isGone = fields[0] is "Z" or "X";
        return isGone ? null : $"{fields[19]}@{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}";
    }

    private static bool IsSameStart(string a, string b) =>
        a == b || (long.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out long one)
            && long.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out long other)
            && TimeSpan.FromTicks(Math.Abs(one - other)) < Tolerance);
}
