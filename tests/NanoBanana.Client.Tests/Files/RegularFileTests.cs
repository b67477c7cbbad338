#if NET // Pipes and devices have paths on Unix.
using System.Diagnostics;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_within_the_limit_is_read_and_a_larger_one_is_not()
    {
        File.WriteAllBytes(_folder.At("a"), [1, 2, 3]);
        File.WriteAllBytes(_folder.At("empty"), []);

        Assert.Equal([1, 2, 3], RegularFile.ReadAll(_folder.At("a"), 3));
        Assert.Null(RegularFile.ReadAll(_folder.At("a"), 2));
        Assert.Equal([], RegularFile.ReadAll(_folder.At("empty"), 0)!);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_different_errors()
    {
        Assert.ThrowsAny<IOException>(() => RegularFile.ReadAll(_folder.At("nothing"), 10));
        Assert.ThrowsAny<SystemException>(() => RegularFile.ReadAll(_folder.Path, 10));
    }

    [Fact]
    public void A_link_is_resolved_to_its_target()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllBytes(_folder.At("a"), [1, 2, 3]);
        File.CreateSymbolicLink(_folder.At("link"), _folder.At("a"));
        File.CreateSymbolicLink(_folder.At("dangling"), _folder.At("nothing"));

        Assert.Equal([1, 2, 3], RegularFile.ReadAll(_folder.At("link"), 3));
        Assert.Throws<FileNotFoundException>(() => RegularFile.ReadAll(_folder.At("dangling"), 3));
    }

    [Fact]
    public async Task A_pipe_without_a_writer_is_refused_without_waiting()
    {
        if (OperatingSystem.IsWindows())
            return;
        NamedPipe(_folder.At("pipe"));
        File.CreateSymbolicLink(_folder.At("link"), _folder.At("pipe"));

        foreach (string path in new[] { _folder.At("pipe"), _folder.At("link") })
        {
            IOException error = await Assert.ThrowsAsync<IOException>(
                () => Task.Run(() => RegularFile.ReadAll(path, 10)).WaitAsync(TimeSpan.FromMinutes(2)));
            Assert.Contains("not a regular file", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    [InlineData("/dev/tty")]
    public void A_device_is_refused_even_behind_a_link(string device)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(device))
            return;
        File.CreateSymbolicLink(_folder.At("link"), device);
        Assert.Contains(
            "not a regular file",
            Assert.Throws<IOException>(() => RegularFile.ReadAll(_folder.At("link"), 10)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_reports_no_length_is_read_up_to_the_limit()
    {
        const string Grows = "/proc/self/maps";
        if (!File.Exists(Grows))
            return;
        Assert.Equal(0, new System.IO.FileInfo(Grows).Length);
        Assert.NotEmpty(RegularFile.ReadAll(Grows, 64 * 1024 * 1024)!);
        Assert.Null(RegularFile.ReadAll(Grows, 100));
    }

    internal static void NamedPipe(string path)
    {
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
#endif
