using System.Diagnostics;

namespace NanoBanana.Module.Tests.Hosting;

/// <summary>Runs a script in a separate process, for tests that depend on the order in which assemblies load.</summary>
internal static class FreshProcess
{
    /// <returns>The lines that the script emitted. An error in the script fails the test.</returns>
    public static async Task<string[]> RunAsync(string script)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { "exec", typeof(FreshProcess).Assembly.Location, script },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TestTimeout.Limit);
        Assert.Equal("", await errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The entry point of that process.</summary>
    public static int Main(string[] args)
    {
        using var folder = new TemporaryFolder();
        using var shell = new ShellSession(folder.Path);
        shell["module"] = StagedModule.Folder;
        shell["olderSqlite"] = StagedModule.OlderSqlite;
        ShellResult result = shell.Run("$ErrorActionPreference = 'Stop'\n" + args[0]);
        foreach (PSObject item in result.Output)
            Console.WriteLine(item);
        if (result.Failure is not null)
            Console.Error.WriteLine(result.Failure.ErrorRecord);
        foreach (ErrorRecord error in result.Errors)
            Console.Error.WriteLine(error);
        return result.Failure is null && result.Errors.Count == 0 ? 0 : 1;
    }
}
