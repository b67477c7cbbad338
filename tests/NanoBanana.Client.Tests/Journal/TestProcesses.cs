using System.Diagnostics;
using System.Globalization;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>Process identities in the form that leases have in the journal.</summary>
internal static class TestProcesses
{
    /// <summary>Another running process of this machine.</summary>
    public static string Living { get; } = Process.GetProcesses()
        .Where(process => process.Id != Environment.ProcessId && process.Id > 0)
        .OrderBy(process => process.Id)
        .Select(process => (process.Id, Start: TryStartOf(process.Id)))
        .Where(process => process.Start is not null)
        .Select(process => Of(ProcessIdentity.Place, process.Id, process.Start!))
        .First();

    /// <summary>An ended process that had the id of this one.</summary>
    public static string Dead { get; } = Of(ProcessIdentity.Place, Environment.ProcessId, "1");

    /// <summary>A process on another machine.</summary>
    public static string Remote { get; } = Of("another-machine/boot/pid:[1]", 4711, "1");

    /// <summary>A process in another container of this machine with the same host name. Its ids have no meaning here.</summary>
    public static string OtherContainer { get; } = Of(ProcessIdentity.Place + "2", int.MaxValue, "1");

    private static string Of(string place, int process, string start) =>
        string.Format(CultureInfo.InvariantCulture, "{0}/{1}/{2}", place, process, start);

    private static string? TryStartOf(int id)
    {
        try
        {
            return ProcessIdentity.StartOf(id);
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
