using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// Identifies a process, so another process can later check whether it has certainly ended. It consists of the place where process ids have
/// the same meaning (machine, boot, PID namespace), the process id, and the start time, because ids are reused.
/// </summary>
internal static class ProcessIdentity
{
    /// <summary>macOS reports a slightly different start time each time.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The place of this process: machine, boot and PID namespace. Two containers can have the same host name, and one container can
    /// restart under another name. A missing process id is a proof only within the same place.
    /// </summary>
    public static readonly string Place = DescribePlace();

    /// <summary>The identity of this process: place, id and start.</summary>
    public static readonly string Mine = Describe();

    /// <summary>Whether a process has certainly ended. False if this process can't check it.</summary>
    /// <param name="process">The identity of the process, in the form of <see cref="Mine"/>.</param>
    /// <param name="acrossMachines">
    /// Whether the process may be on another machine. Two machines can have the same name, so boot and namespace must be known.
    /// </param>
    public static bool HasCertainlyEnded(string process, bool acrossMachines = false)
    {
        string[] parts = process.Split('/');
        return parts.Length == 5 && string.Join("/", parts.Take(3)) == Place
            && !(acrossMachines && (parts[1].Length == 0 || parts[2].Length == 0))
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            && HasEnded(id, start => IsSameStart(start, parts[4]));
    }

    /// <summary>A process in the form for messages.</summary>
    /// <param name="process">The identity of the process, in the form of <see cref="Mine"/>.</param>
    public static string DisplayName(string process)
    {
        string[] parts = process.Split('/');
        return parts.Length == 5 ? Messages.Process(parts[3], parts[0]) : Messages.OtherProcess;
    }

    /// <summary>Whether the process of an id has certainly ended, or the id belongs to a process with another start time.</summary>
    /// <param name="id">A process id of this <see cref="Place"/>.</param>
    /// <param name="isStart">Whether a start time belongs to the process.</param>
    public static bool HasEnded(int id, Func<string, bool> isStart)
    {
        try
        {
            return StartOf(id) is not { } start || !isStart(start);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // A /proc that hides the processes of other users also hides process 1: https://man7.org/linux/man-pages/man5/proc.5.html
            // (hidepid)
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
    /// The start time of a process; null if it has ended. On Linux it is counted from the boot, because a time of day would change when the
    /// clock is set.
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

    // See proc_pid_stat(5): the name in parentheses can contain any character, field 3 is the state, and field 22 is the start time.
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
