namespace NanoBanana.Module.Tests.Views;

[Collection(ProcessWide.Name)]
public sealed class SavedImageViewTests : IDisposable
{
    private readonly ViewShell _shell = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("nanobanana").FullName;

    public SavedImageViewTests() => _shell.Run("Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana");

    [Fact]
    public void A_saved_picture_tells_its_pixels_and_remains_a_file()
    {
        PSObject file = _shell.Run($"$file = {Script("-AspectRatio 21:9 -Resolution 1K")}[0]; $file")[0];

        Assert.Equal("1584x672", file.Properties["PixelSize"].Value.ToString());
        Assert.Equal(["NanoBanana.SavedImage", "System.IO.FileInfo"], file.TypeNames.Take(2));
        Assert.True(file.BaseObject is FileInfo { Exists: true });
        Assert.Equal("fox", _shell.Run("$file.BaseName")[0].BaseObject);
    }

    [Fact]
    public void Saved_pictures_are_a_table_below_their_folder()
    {
        _shell.Run($"$files = {Script("-AspectRatio 21:9")}");

        string[] lines = _shell.Show("$files").Split('\n');

        Assert.Equal($"   Directory: {_folder}", lines[0]);
        Assert.Matches("^Name +Pixels +Size Prompt$", lines[2]);
        Assert.Matches(@"^fox\.png +1584x672 +[0-9.]+ KB a fox that is long enough to be .*…$", lines[4]);
        Assert.All(lines, line => Assert.True(line.Length < 100));
    }

    [Fact]
    public void A_long_name_is_cut_in_its_middle()
    {
        _shell.Run($"$files = {Script("").Replace("'{name}'", "'" + new string('x', 60) + "-{id}'")}");

        Assert.Matches(@"\nx{10,}…[0-9a-v]{8,}\.png ", _shell.Show("$files"));
    }

    /// <summary>A table gets its widths from what comes first; what comes minutes later must have room too.</summary>
    [Fact]
    public void A_short_name_leaves_room_for_longer_ones()
    {
        _shell.Run($"$files = {Script("")}");

        Assert.Matches("\nName {43,}Pixels", _shell.Show("$files"));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KB")]
    [InlineData(1048575, "1.0 MB")]
    [InlineData(1363149, "1.3 MB")]
    [InlineData(5368709120, "5.0 GB")]
    public void Bytes_are_shown_in_the_units_of_PowerShell(long bytes, string shown) =>
        Assert.Equal(shown, _shell.Run($"[NanoBanana.Views.SavedImageView]::Size([pscustomobject]@{{ Length = {bytes} }})")[0].BaseObject);

    [Fact]
    public void A_list_tells_the_task_too()
    {
        _shell.Run($"$files = {Script("")}");

        string shown = _shell.ShowList("$files[0]");

        foreach (string label in new[] { "Name", "Directory", "Pixels", "Size", "Bytes", "LastWriteTime", "Task", "Prompt", "TotalTokens", "Text" })
            Assert.Matches($@"(^|\n){label} +: \S", shown);
    }

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Script(string parameters) =>
        $"@(New-NanoBananaImage 'a fox that is long enough to be cut at the end of its line' -Name fox {parameters} | Save-NanoBananaImage -Destination '{_folder}' -FileName '{{name}}')";
}
