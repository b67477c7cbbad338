using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Files;

/// <summary>
/// Names of pictures on their way. A name carries its process, so that what a killed one left behind is told from what a
/// living one is writing, and can be removed at once.
/// </summary>
internal static class PartName
{
    /// <summary>Whether a process of another machine lives can't be asked: its files are left alone for so long.</summary>
    private static readonly TimeSpan RemoteAge = TimeSpan.FromDays(1);

    private static readonly Regex Pattern = new(@"^\.[0-9a-f]{32}\.(?<machine>[0-9a-f]{8})-(?<process>[0-9]{1,10})-(?<start>[0-9a-f]{8})\.part$", RegexOptions.CultureInvariant);

    private static readonly string Machine = Tag(Environment.MachineName);

    private static readonly string Owner = Describe();

    /// <summary>Random for the process, counted in it: a random number for each picture would be a call of the system for each.</summary>
    private static readonly string Random = Guid.NewGuid().ToString("N").Substring(8);

    private static int _count;

    public static string Create() => string.Format(CultureInfo.InvariantCulture, ".{0}{1:x8}.{2}.part", Random, Interlocked.Increment(ref _count), Owner);

    /// <summary>Removes what processes that are gone have left in a folder. What can't be removed stays.</summary>
    public static void Sweep(string directory, DateTimeOffset now)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(directory, ".*.part"))
            {
                if (IsStale(Path.GetFileName(path), now - File.GetLastWriteTimeUtc(path)))
                    File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else was faster, or it is not ours to remove: it is in nobody's way.
        }
    }

    /// <param name="name">The name of the file.</param>
    /// <param name="age">Since it was last written.</param>
    internal static bool IsStale(string name, TimeSpan age)
    {
        Match match = Pattern.Match(name);
        if (!match.Success)
            return false;
        if (match.Groups["machine"].Value != Machine)
            return age > RemoteAge;
        return !int.TryParse(match.Groups["process"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            || ProcessIdentity.StartOf(process) is not { } start
            || Tag(start) != match.Groups["start"].Value;
    }

    private static string Describe()
    {
        using var process = Process.GetCurrentProcess();
        return string.Format(CultureInfo.InvariantCulture, "{0}-{1}-{2}", Machine, process.Id, Tag(ProcessIdentity.StartOf(process.Id) ?? ""));
    }

    private static string Tag(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return PartFile.Hex(hash).Substring(0, 8);
    }
}
