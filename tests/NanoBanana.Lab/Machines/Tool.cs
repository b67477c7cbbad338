using System.Diagnostics;

namespace NanoBanana.Lab.Machines;

/// <summary>Programs of the system.</summary>
internal static class Tool
{
    /// <summary>The library that changes the clock of a process; null if it is not installed.</summary>
    public static string? FakeTime { get; } = new[] { "/usr/lib", "/usr/local/lib" }.Where(Directory.Exists)
        .SelectMany(folder => new[] { folder }.Concat(Directory.GetDirectories(folder)))
        .Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1"))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="LabException">It failed.</exception>
    public static void Run(string program, string arguments)
    {
        if (ErrorOf(program, arguments) is { } error)
            throw new LabException($"{program} {arguments} failed: {error}");
    }

    /// <returns>Whether it succeeded.</returns>
    public static bool TryRun(string program, string arguments) => ErrorOf(program, arguments) is null;

    private static string? ErrorOf(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : errors.Trim();
    }
}
