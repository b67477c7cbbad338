using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>What the backup of a journal in any store does.</summary>
public abstract class BackupTest : JournalTest
{
    private protected string Copy => Path.Combine(Folder, "copies", "copy.db");

    [Fact]
    public async Task A_request_in_the_backup_is_not_submitted_again()
    {
        ScriptedHandler api = ScriptedHandler.Accepting();
        ImageTask bought = await SubmitAsync(ClientOf(api), Request("a fox", "b"));
        JournalBackup.Write(Handle().Require().Reader, Copy, force: false);

        ImageTask again = await SubmitAsync(ClientOf(api, Handle(Copy)), Request("a fox", "b"));

        Assert.Equal((bought.Id, 1), (again.Id, api.Requests));
    }
}
