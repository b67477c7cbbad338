#if NET
using System.ComponentModel;
using System.Diagnostics;
#endif

namespace NanoBanana.Terminals;

/// <summary>Queries the tmux in which this process runs.</summary>
internal static class Tmux
{
#if NET
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>The value of a tmux format for this pane; null without an answer.</summary>
    public static string? Query(string format)
    {
        try
        {
            var start = new ProcessStartInfo("tmux")
            {
                ArgumentList = { "display-message", "-p" },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            };
            if (Environment.GetEnvironmentVariable("TMUX_PANE") is { Length: > 0 } pane)
                Array.ForEach(["-t", pane], start.ArgumentList.Add);
            start.ArgumentList.Add(format);
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> answer = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(Limit) && process.ExitCode == 0)
                return answer.Wait(Limit) ? answer.Result : null;
            process.Kill();
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException or AggregateException)
        {
            return null;
        }
    }
#else
    /// <summary>Windows PowerShell never runs in tmux.</summary>
    public static string? Query(string format) => null;
#endif
}
