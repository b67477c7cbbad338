#if NET
using System.Diagnostics;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

/// <summary>
/// Part files of a process that is not visible: it runs in another PID namespace, or /proc hides it. The names in this test
/// refer to such processes. Locks show which files are in use.
/// </summary>
public sealed class PartSweepTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nanobanana-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Part_files_in_use_by_an_unseen_process_stay_and_others_are_removed()
    {
        string[] paths = [.. Enumerable.Range(0, 5).Select(_ => CreateNameOfUnseenProcess())];
        foreach (string path in paths)
            File.WriteAllText(path, "half");
        using (FileStream written = new(paths[2], FileMode.Open, FileAccess.Write, FileShare.None))
        {
            Sweep();
            Assert.Equal([paths[2]], Directory.GetFiles(_folder));
        }
        Sweep();
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_part_file_stays_locked_until_its_rename()
    {
        if (OperatingSystem.IsWindows())
            return;
        string target = Path.Combine(_folder, "fox.png");
        using PartFile part = PartFile.CreateIn(_folder, PartFile.Open);
        part.Seal();
        Assert.Throws<IOException>(
            () => new FileStream(Assert.Single(Directory.GetFiles(_folder)), FileMode.Open, FileAccess.Write, FileShare.None).Dispose());
        await part.PublishAsync(target, replace: false);
        new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.None).Dispose();
    }

    [Fact]
    public async Task A_part_file_removed_between_creation_and_lock_is_created_again()
    {
        int opened = 0;
        using PartFile part = PartFile.CreateIn(_folder, path =>
        {
            FileStream file = PartFile.Open(path);
            if (opened++ == 0)
                File.Delete(path);
            return file;
        });
        part.Seal();
        await part.PublishAsync(Path.Combine(_folder, "fox.png"), replace: false);
        Assert.Equal("fox.png", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder))));
    }

    [Fact]
    public async Task A_pipe_and_a_link_are_not_opened_and_not_removed()
    {
        if (OperatingSystem.IsWindows())
            return;
        string pipe = CreateNameOfUnseenProcess(), link = CreateNameOfUnseenProcess(), notes = Path.Combine(_folder, "notes.txt");
        File.WriteAllText(notes, "keep");
        File.CreateSymbolicLink(link, notes);
        using (Process make = Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();
        await Task.Run(Sweep).WaitAsync(TestTimeout.Limit);
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
        Assert.Equal("keep", File.ReadAllText(notes));
    }

    private void Sweep() => PartName.Sweep(_folder, DateTimeOffset.UtcNow);

    /// <summary>The name of a part file of this machine whose process is not visible.</summary>
    private string CreateNameOfUnseenProcess()
    {
        string machine = PartName.Create().Split('.')[2].Split('-')[0];
        return Path.Combine(_folder, $".{Guid.NewGuid():N}.{machine}-2147483647-00000000.part");
    }
}
#endif
