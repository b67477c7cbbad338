#if NET
using NanoBanana.Client.Files;

using NanoBanana.Client.Journal.Storage.Sqlite;

namespace NanoBanana.Client.Tests.Journal;

/// <summary>
/// The user is 1000. 1001 and 1002 are other users. 50 and 60 are groups. Modes are octal text because C# has no octal literals.
/// </summary>
public sealed class SharedFileRuleTests
{
    private const int Regular = 0x8000;

    [Theory]
    [InlineData("owned by the user, with any mode", "666", 1000, 50, "777", 1001, 60)]
    [InlineData("owned by the user in a sticky folder", "600", 1000, 50, "1777", 0, 0)]
    [InlineData("a volume whose files belong to another user", "600", 1001, 50, "700", 1001, 50)]
    [InlineData("a file of root in a folder of root", "644", 0, 0, "755", 0, 0)]
    [InlineData("shared with a group", "660", 1001, 50, "2770", 1001, 50)]
    [InlineData("shared with a group, in a folder of root", "660", 1001, 50, "2770", 0, 50)]
    [InlineData("a side file of another user in a folder of the user", "660", 1001, 50, "2770", 1000, 50)]
    [InlineData("a side file of a third user in the folder of the owner", "660", 1002, 50, "2770", 1001, 50)]
    public void A_file_that_only_its_owner_and_its_group_can_write_is_used(
        string _, string mode, uint owner, uint group, string folderMode, uint folderOwner, uint folderGroup) =>
        Assert.Null(Problem(Regular, mode, owner, group, folderMode, folderOwner, folderGroup));

    [Theory]
    [InlineData("all users can write it", "666", 1001, 50, "700", 1001, 50)]
    [InlineData("all users can write it", "602", 0, 0, "755", 0, 0)]
    [InlineData("all users can write to its folder", "600", 1001, 50, "777", 1001, 50)]
    [InlineData("all users can write to its folder", "600", 1001, 50, "1777", 0, 0)]
    [InlineData("another group (60) can write to its folder", "660", 1001, 50, "2770", 1001, 60)]
    [InlineData("its folder belongs to a third user (1003)", "660", 1001, 50, "2770", 1003, 50)]
    public void A_file_of_another_user_is_refused_if_others_can_write_or_replace_it(
        string why, string mode, uint owner, uint group, string folderMode, uint folderOwner, uint folderGroup) =>
        Assert.Contains(why, Problem(Regular, mode, owner, group, folderMode, folderOwner, folderGroup), StringComparison.Ordinal);

    [Theory]
    [InlineData(0x1000)] // a pipe
    [InlineData(0x2000)] // a device
    [InlineData(0x4000)] // a folder
    [InlineData(0xA000)] // a link
    [InlineData(0xC000)] // a socket
    public void A_file_that_is_not_regular_is_refused_even_if_the_user_owns_it(int type) =>
        Assert.Contains("not a regular file", Problem(type, "600", 1000, 50, "700", 1000, 50), StringComparison.Ordinal);

    [Theory]
    [InlineData(1000, "1777", true)]
    [InlineData(0, "1777", true)]
    [InlineData(1001, "755", true)]
    [InlineData(1001, "1777", false)]
    [InlineData(1001, "777", false)]
    public void A_link_of_another_user_is_not_followed_in_a_world_writable_folder(uint owner, string folderMode, bool followed) =>
        Assert.Equal(
            followed, SharedFileRule.Trusts(new FileStatus(0xA1FF, owner, 50), new FileStatus(0x4000 | Octal(folderMode), 0, 0), 1000));

    private static string? Problem(int type, string mode, uint owner, uint group, string folderMode, uint folderOwner, uint folderGroup) =>
        new SharedFileRule(new FileStatus(0x4000 | Octal(folderMode), folderOwner, folderGroup), 1000, 1001)
            .Problem(new FileStatus(type | Octal(mode), owner, group));

    private static int Octal(string mode) => Convert.ToInt32(mode, 8);
}
#endif
