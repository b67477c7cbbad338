using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NanoBanana.Terminals;

/// <summary>The program that opens images on the desktop, if there is a desktop.</summary>
internal static class ImageViewer
{
    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static bool IsMacOS => RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

    /// <summary>Whether the user can see the viewer. Over SSH, only X11 forwards the desktop.</summary>
    public static bool IsAvailable => IsWindows || IsMacOS
        ? !Has("SSH_CONNECTION")
        : (Has("DISPLAY") || Has("WAYLAND_DISPLAY")) && IsOnPath("xdg-open");

    /// <summary>Opens a file, without waiting for the viewer.</summary>
    /// <param name="path">
    /// The full path of a file with the extension of an image, because the desktop chooses the program by the name.
    /// </param>
    /// <returns>False if the file can't be opened.</returns>
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
            // Its output must not appear in this terminal, and Ctrl+C must not end it.
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
