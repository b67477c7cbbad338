using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Files;

/// <summary>
/// Names of part files. A name contains the process and the place where its process id is valid, so the files of a killed process can be
/// removed immediately. A file is removed only if its lock is also free: the writer keeps the lock until the file has its final name.
/// </summary>
internal static class PartName
{
    /// <summary>The age after which a file of another machine or container is removed. Its process can't be looked up.</summary>
    private static readonly TimeSpan RemoteAge = TimeSpan.FromDays(1);

    private static readonly Regex Pattern = new(
        @"^\.[0-9a-f]{32}\.(?<place>[0-9a-f]{8})-(?<process>[0-9]{1,10})-(?<start>[0-9a-f]{8})\.part$", RegexOptions.CultureInvariant);

    private static readonly string Place = ShortHash(ProcessIdentity.Place);

    private static readonly string Owner = Describe();

    /// <summary>
    /// Random for the process, with a counter for each image, because a random number for each image would need a system call.
    /// </summary>
    private static readonly string Start = "." + Guid.NewGuid().ToString("N").Substring(8);

    private static readonly string End = $".{Owner}.part";

    private static int _count;

    public static string Create() => Start + Interlocked.Increment(ref _count).ToString("x8", CultureInfo.InvariantCulture) + End;

    /// <summary>Removes files of ended processes from a folder. Errors are ignored.</summary>
    public static void Sweep(string directory, DateTimeOffset now) => TryEach([directory], folder =>
        TryEach(Directory.EnumerateFiles(folder, ".*.part"), path =>
        {
            TimeSpan age = now - File.GetLastWriteTimeUtc(path);
            if (IsStale(Path.GetFileName(path), age))
                RemoveUnlocked(path, age);
        }));

    private static void TryEach(IEnumerable<string> paths, Action<string> action)
    {
        foreach (string path in paths)
        {
            try
            {
                action(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The writer is running, another process removed the file, or this user may not remove it. The file does no harm.
            }
        }
    }

    /// <summary>Removes a file while holding its lock.</summary>
    /// <exception cref="IOException">Another process has the lock.</exception>
    private static void RemoveUnlocked(string path, TimeSpan age)
    {
        FileShare share = FileShare.Delete;
#if NET
        // Opening a pipe could block, and a link could refer to any file. On Unix, .NET locks a file only with FileShare.None.
        if (!OperatingSystem.IsWindows())
        {
            if (FileStatus.OfLink(path) is not { IsRegularFile: true })
                return;
            share = FileShare.None;
        }
#endif
        using var held = new FileStream(path, FileMode.Open, FileAccess.Write, share);
        if (age > RemoteAge || IsLocked(path))
            File.Delete(path);
    }

    /// <summary>Whether the file system supports locks. Without locks, only the age counts.</summary>
    private static bool IsLocked(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <param name="name">The name of the file.</param>
    /// <param name="age">The time since the last write.</param>
    internal static bool IsStale(string name, TimeSpan age)
    {
        Match match = Pattern.Match(name);
        if (!match.Success)
            return false;
        if (match.Groups["place"].Value != Place)
            return age > RemoteAge;
        return !int.TryParse(match.Groups["process"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            || ProcessIdentity.HasEnded(process, start => ShortHash(start) == match.Groups["start"].Value);
    }

    private static string Describe()
    {
        using var process = Process.GetCurrentProcess();
        return string.Format(CultureInfo.InvariantCulture, "{0}-{1}-{2}", Place, process.Id,
            ShortHash(ProcessIdentity.StartOf(process.Id) ?? ""));
    }

    private static string ShortHash(string text) => Sha256Hex.Of(text).Substring(0, 8);
}
