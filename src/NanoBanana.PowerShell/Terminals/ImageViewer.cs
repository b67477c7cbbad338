using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NanoBanana.Terminals;

/// <summary>The program that the desktop opens images with, where there is a desktop.</summary>
internal static class ImageViewer
{
    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static bool IsMacOS => RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

    /// <summary>Whether somebody would see it. Over SSH the desktop is another one, except that of X11.</summary>
    public static bool IsAvailable => IsWindows || IsMacOS
        ? !Has("SSH_CONNECTION")
        : (Has("DISPLAY") || Has("WAYLAND_DISPLAY")) && IsOnPath("xdg-open");

    /// <summary>Opens a file, without waiting for the viewer.</summary>
    /// <param name="path">The full path of a file that is named as an image: by its name the desktop chooses the program.</param>
    /// <returns>False when there is no program for it.</returns>
    public static bool TryOpen(string path)
    {
        try
        {
            if (IsWindows)
            {
                using Process? opened = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });
                return true;
            }
#if NET
            // Its messages must not come between the lines here, nor Ctrl+C end it.
            var start = new ProcessStartInfo("/bin/sh")
            {
                ArgumentList = { "-c", "\"$0\" \"$1\" </dev/null >/dev/null 2>&1 &", IsMacOS ? "open" : "xdg-open", path },
            };
            using Process shell = Process.Start(start)!;
            shell.WaitForExit();
            return true;
#else
            return false;
#endif
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private static bool Has(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
