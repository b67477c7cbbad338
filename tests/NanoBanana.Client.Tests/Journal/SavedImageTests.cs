using System.Globalization;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Journal;

public sealed class SavedImageTests : JournalTest
{
    [Fact]
    public async Task A_complete_saved_image_is_not_downloaded_again()
    {
        using EmulatorServer emulator = StartEmulator();
        (NanoBananaClient client, ImageTask task) = await CompletedAsync(emulator);
        SavedImage first = await SaveAsync(client, task);
        SavedImage again = await SaveAsync(client, task);
        Assert.Equal((first.Path, first.Sha256, first.Length), (again.Path, again.Sha256, again.Length));
        Assert.Equal(1, emulator.Counters.Downloads);
    }

    [Fact]
    public async Task The_name_of_a_saved_image_is_not_used_for_another_task_of_the_same_run()
    {
        using EmulatorServer emulator = StartEmulator();
        (NanoBananaClient client, ImageTask task) = await CompletedAsync(emulator);
        (_, ImageTask other) = await CompletedAsync(emulator);
        ImageTarget Run() => ImageTarget.InDirectory(Folder, FileNameTemplate.Parse("{prompt}"), force: true);
        SavedImage first = await client.SaveAsync(task, 0, Run(), Observer, default);

        ImageTarget again = Run();
        await client.SaveAsync(task, 0, again, Observer, default);

        var error = await Assert.ThrowsAsync<NanoBananaException>(() => client.SaveAsync(other, 0, again, Observer, default));
        Assert.Equal(NanoBananaErrorKind.FileExists, error.Kind);
        Assert.Equal(first, await client.SaveAsync(task, 0, Run(), Observer, default));
    }

    [Fact]
    public async Task In_a_moved_folder_a_saved_image_is_not_downloaded_again()
    {
        using EmulatorServer emulator = StartEmulator();
        (NanoBananaClient client, ImageTask task) = await CompletedAsync(emulator);
        SavedImage first = await client.SaveAsync(task, 0, In("first"), Observer, default);
        Directory.Move(Path.Combine(Folder, "first"), Path.Combine(Folder, "second"));

        SavedImage again = await client.SaveAsync(task, 0, In("second"), Observer, default);

        Assert.Equal((Path.Combine(Folder, "second", Path.GetFileName(first.Path)), first.Sha256), (again.Path, again.Sha256));
        Assert.Equal(1, emulator.Counters.Downloads);
    }

    [Fact]
    public async Task An_image_saved_under_an_exact_name_with_another_extension_is_saved_again()
    {
        using EmulatorServer emulator = StartEmulator();
        (NanoBananaClient client, ImageTask task) = await CompletedAsync(emulator);
        foreach (string name in (string[])["fox.png", "fox.jpg"])
        {
            string path = Path.Combine(Folder, name);
            SavedImage saved = await client.SaveAsync(task, 0, ImageTarget.ExactFile(path, force: false), Observer, default);
            Assert.Equal((path, true), (saved.Path, File.Exists(path)));
        }
    }

    [Fact]
    public async Task After_a_crash_between_rename_and_entry_the_image_is_recognized()
    {
        using EmulatorServer emulator = StartEmulator();
        (NanoBananaClient client, ImageTask task) = await CompletedAsync(emulator);
        await SaveAsync(client, task);
        await client.FlushAsync();
        Execute("UPDATE file SET saved = 0; UPDATE task SET unsaved = 1");
        Assert.Single(Unsaved());
        await SaveAsync(client, task);
        await client.FlushAsync();
        Assert.Empty(Unsaved());
        Assert.Equal(1, emulator.Counters.Downloads);
    }

    [Fact]
    public async Task After_a_crash_before_the_rename_the_image_is_downloaded_again()
    {
        using EmulatorServer emulator = StartEmulator();
        (NanoBananaClient client, ImageTask task) = await CompletedAsync(emulator);
        SavedImage first = await SaveAsync(client, task);
        await client.FlushAsync();
        File.Delete(first.Path);
        Execute("UPDATE file SET saved = 0");
        Assert.Equal(first.Sha256, (await SaveAsync(client, task)).Sha256);
        Assert.True(File.Exists(first.Path));
        Assert.Equal(2, emulator.Counters.Downloads);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("")]
    public async Task A_changed_file_is_kept(string content)
    {
        using EmulatorServer emulator = StartEmulator();
        (NanoBananaClient client, ImageTask task) = await CompletedAsync(emulator);
        SavedImage first = await SaveAsync(client, task);
        await File.WriteAllTextAsync(first.Path, content);
        Assert.Equal(NanoBananaErrorKind.FileExists, (await Assert.ThrowsAsync<NanoBananaException>(() => SaveAsync(client, task))).Kind);
        Assert.Equal(content, await File.ReadAllTextAsync(first.Path));
        await client.SaveAsync(task, 0, Target(force: true), Observer, default);
        Assert.Equal(first.Length, new FileInfo(first.Path).Length);
    }

    [Fact]
    public async Task The_next_save_removes_part_files_of_ended_processes_and_keeps_those_of_running_ones()
    {
        using EmulatorServer emulator = StartEmulator();
        (NanoBananaClient client, ImageTask task) = await CompletedAsync(emulator);
        string mine = PartName.Create();
        string[] parts = mine.Split('.', '-');
        string dead = string.Join('-', $".{Guid.NewGuid():N}.{parts[2]}", parts[3], "00000000.part");
        string remote = string.Join('-', $".{Guid.NewGuid():N}.00000000", parts[3], "00000000.part");
        string remoteOld = string.Join('-', $".{Guid.NewGuid():N}.00000000", "1", "00000000.part");
        string[] others = [".notes.part", "image.part"];
        foreach (string name in (string[])[mine, dead, remote, remoteOld, .. others])
            await File.WriteAllTextAsync(Path.Combine(Folder, name), "half");
        File.SetLastWriteTimeUtc(Path.Combine(Folder, remoteOld), DateTime.UtcNow.AddDays(-2));

        await SaveAsync(client, task);
        string[] left = [.. Directory.GetFiles(Folder, "*.part").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(((string[])[mine, remote, .. others]).Order(StringComparer.Ordinal), left);
    }

    [Fact]
    public void The_name_of_a_part_file_contains_its_process()
    {
        Assert.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), PartName.Create(), StringComparison.Ordinal);
        Assert.False(PartName.IsStale(PartName.Create(), TimeSpan.FromDays(9)));
        Assert.False(PartName.IsStale("image.part", TimeSpan.FromDays(9)));
    }

    private async Task<(NanoBananaClient Client, ImageTask Task)> CompletedAsync(EmulatorServer emulator)
    {
        NanoBananaClient client = ClientOf(emulator);
        ImageTask task = await SubmitAsync(client, Request() with { Resolution = "0.5K" });
        return (client, await client.WaitAsync(task, TestTimeout.Limit, Observer, default));
    }

    private Task<SavedImage> SaveAsync(NanoBananaClient client, ImageTask task) =>
        client.SaveAsync(task, 0, Target(force: false), Observer, default);

    private ImageTarget In(string folder) => ImageTarget.InDirectory(Path.Combine(Folder, folder), FileNameTemplate.Default, force: false);

    private ImageTarget Target(bool force) => ImageTarget.InDirectory(Folder, FileNameTemplate.Default, force);

    private IReadOnlyList<ImageTask> Unsaved() => Handle().Require().Reader.List(new JournalFilter { Unsaved = true });
}
