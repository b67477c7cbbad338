#if NET
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using NanoBanana.Client.Files;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>
/// The journal in folders that other users can access, on a real file system. Only root can give files to another user. For other
/// users, <see cref="SharedFileRuleTests"/> tests the rule.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class SharedFolderTests : JournalTest
{
    private const uint Another = 4242;
    private const uint Group = 4343;

    private static bool CanGiveFilesAway => !OperatingSystem.IsWindows() && FileStatus.CurrentUser == 0;

    private string Data => Path.GetDirectoryName(JournalPath)!;

    [Fact]
    public async Task A_journal_of_another_user_in_a_world_writable_folder_is_not_used()
    {
        if (!CanGiveFilesAway)
            return;
        Open().Dispose();
        Give(JournalPath, "600");
        Give(Data, "1777", owner: 0);
        string[] files = Directory.GetFiles(Data);
        byte[] before = AllBytes();

        AssertRefused("all users can write to its folder");
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api);
        await SubmitAsync(client, Request());
        await SubmitAsync(client, Request());

        Assert.Contains("another user", Assert.Single(Observer.Warnings), StringComparison.Ordinal);
        Assert.Equal(
            NanoBananaErrorKind.JournalRequired,
            (await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request(batch: "b")))).Kind);
        Assert.Equal(2, api.Requests);
        Assert.Equal(before, AllBytes());
        Assert.Equal(files, Directory.GetFiles(Data));
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("-shm")]
    [InlineData("-journal")]
    public void A_file_of_another_user_beside_the_journal_is_refused(string suffix)
    {
        if (!CanGiveFilesAway)
            return;
        Open().Dispose();
        File.WriteAllText(JournalPath + suffix, "");
        Give(JournalPath + suffix, "666");
        Give(Data, "1777", owner: 0);
        AssertRefused(suffix);
        Assert.Equal(0, new FileInfo(JournalPath + suffix).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_of_another_user_in_a_world_writable_folder_is_not_followed(bool exists)
    {
        if (!CanGiveFilesAway)
            return;
        string target = Path.Combine(Folder, "target.db");
        if (exists)
            Open(path: target).Dispose();
        MakeData("1777");
        Link(JournalPath, target, Another);
        Assert.Contains("a link of another user", Assert.Throws<NanoBananaException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal(exists, File.Exists(target));
    }

    [Fact]
    public void A_folder_that_is_a_link_of_another_user_is_not_followed()
    {
        if (!CanGiveFilesAway)
            return;
        MakeData("1777");
        string target = Directory.CreateDirectory(Path.Combine(Folder, "target")).FullName;
        string link = Path.Combine(Data, "link");
        Link(link, target, Another);
        Assert.Contains(
            "a link of another user",
            Assert.Throws<NanoBananaException>(() => Open(path: Path.Combine(link, "journal.db"))).Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(target));
    }

    [Fact]
    public async Task A_journal_behind_links_of_the_user_has_its_side_files_beside_its_target()
    {
        if (OperatingSystem.IsWindows())
            return;
        string real = Directory.CreateDirectory(Path.Combine(Folder, "real")).FullName;
        string target = Path.Combine(real, "target.db");
        await File.WriteAllBytesAsync(target, []);
        File.SetUnixFileMode(target, ModeOf("640"));
        Directory.CreateDirectory(Data);
        // One relative link, and one link to it.
        File.CreateSymbolicLink(Path.Combine(Data, "step.db"), "../real/../real/target.db");
        File.CreateSymbolicLink(JournalPath, "step.db");

        await AcceptTaskAsync(Open(), Request(), "id1");

        Assert.Equal(
            ["target.db", "target.db-shm", "target.db-wal"],
            Directory.GetFiles(real).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        // SQLite creates its files with the mode of the journal, which existed before.
        Assert.All(Directory.GetFiles(real), file => Assert.Equal(ModeOf("640"), File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_volume_whose_files_belong_to_another_user_is_used_and_its_modes_are_kept()
    {
        if (!CanGiveFilesAway)
            return;
        Open().Dispose();
        Give(JournalPath, "640");
        Give(Data, "750");
        await AcceptTaskAsync(Open(), Request(), "id1");
        Assert.Equal(ModeOf("640"), File.GetUnixFileMode(JournalPath));
        using JournalReader reader = Handle().Read()!;
        Assert.Equal("id1", Assert.Single(reader.List(new JournalFilter())).Id);
    }

    [Theory]
    [InlineData("2770", "666")]
    [InlineData("2770", "660")]
    [InlineData("755", "664")]
    [InlineData("700", "640")]
    [InlineData("777", "666")]
    public void An_existing_journal_keeps_its_mode(string folder, string mode)
    {
        if (OperatingSystem.IsWindows())
            return;
        Open().Dispose();
        File.SetUnixFileMode(JournalPath, ModeOf(mode));
        File.SetUnixFileMode(Data, ModeOf(folder));
        Open();
        Assert.All(Directory.GetFiles(Data), file => Assert.Equal(ModeOf(mode), File.GetUnixFileMode(file)));
        Assert.Equal(3, Directory.GetFiles(Data).Length);
    }

    [Theory]
    [InlineData("2770", "660")]
    [InlineData("770", "660")]
    [InlineData("755", "600")]
    [InlineData("777", "600")]
    public void A_new_journal_is_private_or_shared_like_its_folder(string folder, string expected)
    {
        if (OperatingSystem.IsWindows())
            return;
        MakeData(folder);
        Open();
        Assert.All(Directory.GetFiles(Data), file => Assert.Equal(ModeOf(expected), File.GetUnixFileMode(file)));
        Assert.Equal(3, Directory.GetFiles(Data).Length);
    }

    [Fact]
    public void A_new_journal_is_private_in_a_folder_of_another_group()
    {
        if (!CanGiveFilesAway)
            return;
        MakeData("770");
        Give(Data, "770", owner: 0);
        Open();
        Assert.All(Directory.GetFiles(Data), file => Assert.Equal(ModeOf("600"), File.GetUnixFileMode(file)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-wal")]
    public void A_pipe_in_place_of_a_file_is_refused_without_waiting(string suffix)
    {
        if (OperatingSystem.IsWindows())
            return;
        Directory.CreateDirectory(Data);
        Assert.Equal(0, MakePipe(Bytes(JournalPath + suffix), 0x180));
        AssertRefused("not a regular file", reads: suffix.Length == 0);
    }

    [Fact]
    public void A_file_is_identified_by_device_and_inode()
    {
        if (OperatingSystem.IsWindows())
            return;
        MakeData("700");
        (string one, string other, string link) = (Path.Combine(Data, "one"), Path.Combine(Data, "other"), Path.Combine(Data, "link"));
        File.WriteAllText(one, "");
        File.WriteAllText(other, "");
        File.CreateSymbolicLink(link, one);
        Assert.Equal(FileStatus.Of(one)!.Value.Identity, FileStatus.Of(link)!.Value.Identity);
        Assert.NotEqual(FileStatus.Of(one)!.Value.Identity, FileStatus.Of(other)!.Value.Identity);
        Assert.NotEqual(FileStatus.OfLink(link)!.Value.Identity, FileStatus.Of(link)!.Value.Identity);
        Assert.Equal(FileStatus.Of(one)!.Value.Identity.Device, FileStatus.Of(other)!.Value.Identity.Device);
        Assert.NotEqual(FileStatus.Of(one)!.Value.Identity.Device, FileStatus.Of("/dev/null")!.Value.Identity.Device);
    }

    private void AssertRefused(string why, bool reads = true)
    {
        Action[] uses = reads ? [() => Open(), () => Handle().Read(), () => Handle().ReadNow()] : [() => Open()];
        foreach (Action use in uses)
        {
            var error = Assert.Throws<NanoBananaException>(use);
            Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    private void MakeData(string mode)
    {
        Directory.CreateDirectory(Data);
        File.SetUnixFileMode(Data, ModeOf(mode));
    }

    private static void Give(string path, string mode, uint owner = Another)
    {
        Assert.Equal(0, ChangeOwner(Bytes(path), owner, Group));
        File.SetUnixFileMode(path, ModeOf(mode));
    }

    private static void Link(string path, string target, uint owner)
    {
        File.CreateSymbolicLink(path, target);
        Assert.Equal(0, ChangeLinkOwner(Bytes(path), owner, Group));
    }

    private static UnixFileMode ModeOf(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + "\0");

    [DllImport("libc", EntryPoint = "chown")]
    private static extern int ChangeOwner(byte[] path, uint owner, uint group);

    [DllImport("libc", EntryPoint = "lchown")]
    private static extern int ChangeLinkOwner(byte[] path, uint owner, uint group);

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakePipe(byte[] path, uint mode);
}
#endif
