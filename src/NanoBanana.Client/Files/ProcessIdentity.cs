using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace NanoBanana.Client.Files;

/// <summary>
/// Names a process so that another one can tell later that it has certainly ended: the place where process ids mean the same
/// (machine, boot, PID namespace), the process id, and the start time, since ids are reused.
/// </summary>
internal static class ProcessIdentity
{
    /// <summary>macOS reports a slightly different start time each time.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Machine, boot and PID namespace. Two containers can have one host name, and one container can restart under another;
    /// only within one place does a missing process id prove anything.
    /// </summary>
    public static readonly string Place = DescribePlace();

    /// <summary>This process: place, id and start.</summary>
    public static readonly string Mine = Describe();

    /// <summary>Whether a process has certainly ended. False where this process can't know.</summary>
    /// <param name="process">As <see cref="Mine"/> of the process in question.</param>
    /// <param name="acrossMachines">Whether it may be of another machine: two can have one name, so boot and namespace must be known.</param>
    public static bool IsCertainlyGone(string process, bool acrossMachines = false)
    {
        string[] parts = process.Split('/');
        return parts.Length == 5 && string.Join("/", parts.Take(3)) == Place && !(acrossMachines && (parts[1].Length == 0 || parts[2].Length == 0))
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            && HasEnded(id, start => IsSameStart(start, parts[4]));
    }

    /// <summary>A process as a message shows it.</summary>
    /// <param name="process">As <see cref="Mine"/> of the process in question.</param>
    public static string Show(string process)
    {
        string[] parts = process.Split('/');
        return parts.Length == 5 ? $"process {parts[3]} on '{parts[0]}'" : "another process";
    }

    /// <summary>Whether the process of an id has certainly ended, or its id belongs to a process with another start time.</summary>
    /// <param name="id">An id of this <see cref="Place"/>.</param>
    /// <param name="isStart">Whether a start time is that of the process in question.</param>
    public static bool HasEnded(int id, Func<string, bool> isStart)
    {
        try
        {
            return StartOf(id) is not { } start || !isStart(start);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // A /proc that hides the processes of other users hides process 1 too: https://man7.org/linux/man-pages/man5/proc.5.html (hidepid)
            return Directory.Exists("/proc/1");
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// The start time of a process; null for one that has ended. On Linux it is counted from the boot: a time of day would
    /// change with every step of the clock.
    /// </summary>
    public static string? StartOf(int id)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
            return LinuxStartOf(id);
        using var process = Process.GetProcessById(id);
        return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
    }

    private static string Describe()
    {
        using var process = Process.GetCurrentProcess();
        return string.Format(CultureInfo.InvariantCulture, "{0}/{1}/{2}", Place, process.Id, StartOf(process.Id));
    }

    private static string DescribePlace()
    {
        string machine = Environment.MachineName.Replace('/', '-');
        return RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
            ? $"{machine}/{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{PidNamespace()}"
            : $"{machine}//";
    }

    /// <summary>The number of the PID namespace, such as <c>pid:[4026531836]</c>; empty where it can't be read.</summary>
    private static string PidNamespace()
    {
#if NET
        try
        {
            return new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
#else
        return "";
#endif
    }

    // See proc_pid_stat(5): the name in parentheses can hold anything; field 3 is the state, field 22 the start.
    private static string? LinuxStartOf(int processId)
    {
        string stat = File.ReadAllText(string.Format(CultureInfo.InvariantCulture, "/proc/{0}/stat", processId));
        string[] fields = stat.Substring(stat.LastIndexOf(')') + 2).Split(' ');
        return fields[0] is "Z" or "X" ? null : fields[19];
    }

    private static bool IsSameStart(string a, string b) =>
        a == b || (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
            && long.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out long one)
            && long.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out long other)
            && TimeSpan.FromTicks(Math.Abs(one - other)) < Tolerance);
}
