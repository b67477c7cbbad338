using NanoBanana.Client.Journal;
using NanoBanana.Client.Journal.Storage.Sqlite;
using NanoBanana.Client.Wire;
using NanoBanana.Emulator;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>Which file is the journal of a service, and which entries are listed.</summary>
public sealed class LocationTests : JournalTest
{
    private static readonly Uri Emulator = new("http://127.0.0.1:4321/emulator-0a1b2c3d/");

    [Theory]
    [InlineData("https://api.example/", "journal.db")]
    [InlineData("https://cloud.vtrix.ai/", "journal.db")]
    [InlineData("http://127.0.0.1:4321/", "emulator.db")]
    [InlineData("http://localhost:4321/", "emulator.db")]
    [InlineData("http://[::1]:4321/", "emulator.db")]
    [InlineData(null, "journal.db")]
    public void Emulator_tasks_have_a_separate_file_beside_the_journal_of_the_user(string? endpoint, string file)
    {
        Uri? service = endpoint is null ? null : new Uri(endpoint);
        JournalLocation location = JournalLocation.Of(service, named: null, "/data", path => throw new InvalidOperationException(path));
        Assert.Equal(Path.Combine("/data", "NanoBanana", file), location.Path);
        Assert.Equal(file == "emulator.db" ? service : null, location.Service);
    }

    [Theory]
    [InlineData("https://api.example/")]
    [InlineData("http://127.0.0.1:4321/")]
    public void A_named_file_is_used_for_all_services(string endpoint) =>
        Assert.Equal(
            new JournalLocation("/named/j.db"), JournalLocation.Of(new Uri(endpoint), " j.db ", "/data", path => "/named/" + path));

    [Theory]
    [InlineData("https://api.example/")]
    [InlineData("http://127.0.0.1:4321/")]
    public void Off_disables_the_journal_for_all_services(string endpoint) =>
        Assert.Equal(default, JournalLocation.Of(new Uri(endpoint), "OFF", "/data", path => throw new InvalidOperationException(path)));

    [Fact]
    public async Task An_invalid_journal_path_is_reported_once_and_submitting_continues()
    {
        JournalLocation location = JournalLocation.Of(
            Endpoint, "Nowhere:/j.db", "/data",
            path => throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, $"'{path}' has no drive."));
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api, location.Handle(TimeProvider.System));
        await SubmitAsync(client, Request());
        await SubmitAsync(client, Request());
        Assert.Contains("'Nowhere:/j.db' has no drive", Assert.Single(Observer.Warnings), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request(batch: "b")));
        Assert.Equal(NanoBananaErrorKind.JournalRequired, error.Kind);
        Assert.Contains("has no drive", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_another_journal_shares_everything_else()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        NanoBananaClient client = ClientOf(api, JournalHandle.None);
        string other = Path.Combine(Folder, "other", "journal.db");
        ImageTask task = await SubmitAsync(client.With(() => Handle(other)), Request(batch: "b"));
        Assert.Equal(task.Id, (await SubmitAsync(client.With(() => Handle(other)), Request(batch: "b"))).Id);
        Assert.Equal(1, api.Requests);
        await Assert.ThrowsAsync<NanoBananaException>(() => SubmitAsync(client, Request(batch: "b")));
    }

    [Fact]
    public async Task In_a_common_file_only_the_tasks_of_one_service_are_listed()
    {
        using (TaskJournal journal = Open())
        {
            await AddAsync(journal, "id1", "earlier", new Uri("http://127.0.0.1:4321/emulator-99999999/"));
            await AddAsync(journal, "id2", "now", Emulator);
        }
        using JournalReader reader = Handle().Read(Emulator, CancellationToken.None)!;
        Assert.Equal("id2", Assert.Single(reader.List(new JournalFilter())).Id);
        Assert.Equal(1, reader.Count(new JournalFilter()));
        Assert.Equal([("now", Emulator)], reader.Batches());
        Assert.Null(reader.FindById("id1"));
        Assert.NotNull(reader.FindById("id2"));
        Assert.Empty(reader.Batch("earlier"));
        Assert.Equal(0, reader.Extent("earlier").Tasks);
        // Entries of an explicitly given service are listed.
        Assert.Equal(
            "id1", Assert.Single(reader.List(new JournalFilter { Endpoint = new Uri("http://127.0.0.1:4321/emulator-99999999/") })).Id);
    }

    [Fact]
    public async Task A_restarted_emulator_on_the_same_port_is_another_service_and_its_batch_warns()
    {
        EmulatorServer first = StartEmulator();
        ImageTask old = await SubmitAsync(ClientOf(first), Request(batch: "b"));
        Assert.Equal(old.Id, (await SubmitAsync(ClientOf(first), Request(batch: "b"))).Id);
        Assert.Empty(Observer.Warnings);
        int port = first.Endpoint.Port;
        first.Dispose();

        // The same seed generates the same ids.
        EmulatorServer second = Opened(EmulatorServer.Start(new EmulatorOptions { ApiKey = Key, TimeScale = 0, Port = port }));
        Assert.NotEqual(first.Endpoint, second.Endpoint);
        NanoBananaClient client = ClientOf(second);
        ImageTask task = await SubmitAsync(client, Request("an owl", batch: "b"));
        await SubmitAsync(client, Request(batch: "b"));
        Assert.Equal(2, second.Tasks.Count);
        string warning = Assert.Single(Observer.Warnings);
        Assert.Contains("submitted again", warning, StringComparison.Ordinal);
        Assert.Contains(first.Endpoint.AbsoluteUri, warning, StringComparison.Ordinal);
        Assert.Equal("an owl", (await client.WaitAsync(task, TestTimeout.Limit, Observer, CancellationToken.None)).Prompt);
        await SubmitAsync(ClientOf(second), Request(batch: "b"));
        Assert.Equal(2, second.Tasks.Count);
        Assert.Single(Observer.Warnings);
    }

    [Fact]
    public async Task A_batch_at_a_service_does_not_warn_about_an_emulator_run()
    {
        await SubmitAsync(ClientOf(StartEmulator()), Request(batch: "b"));
        await SubmitAsync(ClientOf(ScriptedHandler.Accepting()), Request(batch: "b"));
        Assert.Empty(Observer.Warnings);
    }

    [Fact]
    public async Task A_journal_on_a_network_share_is_used_with_one_warning()
    {
        JournalHandle handle = Handle();
        handle.NetworkKind = path => path == JournalPath ? "nfs4" : null;
        NanoBananaClient client = ClientOf(ScriptedHandler.Accepting(), handle);
        await SubmitAsync(client, Request(batch: "b"));
        await SubmitAsync(client, Request(batch: "c"));
        string warning = Assert.Single(Observer.Warnings);
        Assert.Contains("nfs4", warning, StringComparison.Ordinal);
        Assert.Contains("one machine", warning, StringComparison.Ordinal);
        Assert.Contains(JournalPath, warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x2f, "nfs4")]
    [InlineData(0x30, "cifs")]
    [InlineData(0x31, "fuse.sshfs")]
    [InlineData(0x32, "9p")]
    [InlineData(0x801, null)]
    [InlineData(0x33, null)]
    [InlineData(0x34, null)]
    [InlineData(0x100000L << 12, null)]
    public void A_network_share_is_recognized_by_its_mount_type(long device, string? expected) => Assert.Equal(
        expected, NetworkShare.KindOf(device,
    [
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
        "40 22 0:47 / /mnt/my\\040files rw,relatime shared:21 master:3 - nfs4 server:/files rw,vers=4.2",
        "41 22 0:48 / /mnt/share ro - cifs //server/share rw",
        "42 22 0:49 / /mnt/ssh rw - fuse.sshfs me@server: rw",
        "43 22 0:50 /c /mnt/c rw - 9p C:\\134 rw",
        "44 22 0:51 / /mnt/secret rw - fuse.gocryptfs /secret rw",
        "broken",
    ]));

    [Fact]
    public void The_temporary_folder_is_checked_without_an_error()
    {
        File.WriteAllText(Path.Combine(Folder, "file"), "");
        Assert.Null(Record.Exception(() => NetworkShare.KindOf(Path.Combine(Folder, "file"))));
        Assert.Null(Record.Exception(() => NetworkShare.KindOf(Path.Combine(Folder, "none"))));
    }

    private static async Task AddAsync(TaskJournal journal, string id, string batch, Uri endpoint)
    {
        ImageRequest request = Request(batch: batch);
        (long? row, _) = await journal.ClaimAsync(request, endpoint, ApiProtocol.Generation).WaitAsync(TestTimeout.Limit);
        await AcceptAsync(journal, row, Accepted(request, id, endpoint));
    }
}
