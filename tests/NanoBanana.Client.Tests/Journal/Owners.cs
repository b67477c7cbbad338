using System.Diagnostics;
using System.Globalization;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>Owners of rows, as the journal writes them.</summary>
internal static class Owners
{
    /// <summary>A process of this machine that lives and is not this one.</summary>
    public static string Living { get; } = Process.GetProcesses()
        .Where(process => process.Id != Environment.ProcessId && process.Id > 0)
        .OrderBy(process => process.Id)
        .Select(process => (process.Id, Start: ProcessIdentity.StartOf(process.Id)))
        .Where(process => process.Start is not null)
        .Select(process => Of(Environment.MachineName, process.Id, process.Start!))
        .First();

    /// <summary>A process that had the id of this one, before it.</summary>
    public static string Dead { get; } = Of(Environment.MachineName, Environment.ProcessId, "1");

    /// <summary>A process of another machine.</summary>
    public static string Remote { get; } = Of("another-machine", 4711, "1");

    private static string Of(string machine, int process, string start) =>
        string.Format(CultureInfo.InvariantCulture, "{0}/{1}/{2}", machine, process, start);
}
