namespace NanoBanana.Module.Tests.Views;

[Collection(ProcessWide.Name)]
public sealed class SavedImageViewTests : IDisposable
{
    private readonly ViewShell _shell = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("nanobanana").FullName;

    public SavedImageViewTests() => _shell.Run("Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana");

    [Fact]
    public void Saved_image_is_a_file_with_its_size_in_pixels()
    {
        PSObject file = _shell.Run($"$file = {Script("-AspectRatio 21:9 -Resolution 1K")}[0]; $file")[0];

        Assert.Equal("1584x672", file.Properties["PixelSize"].Value.ToString());
        Assert.Equal(["NanoBanana.SavedImage", "System.IO.FileInfo"], file.TypeNames.Take(2));
        Assert.True(file.BaseObject is FileInfo { Exists: true });
        Assert.Equal("fox", _shell.Run("$file.BaseName")[0].BaseObject);
    }

    [Fact]
    public void Saved_images_are_shown_as_a_table_below_their_folder()
    {
        _shell.Run($"$files = {Script("-AspectRatio 21:9")}");

        string[] lines = _shell.Show("$files").Split('\n');

        Assert.Equal($"   Directory: {_folder}", lines[0]);
        Assert.Matches("^Name +Pixels +Size Prompt$", lines[2]);
        Assert.Matches(@"^fox\.png +1584x672 +[0-9.]+ KB a fox that is long enough to be .*…$", lines[4]);
        Assert.All(lines, line => Assert.True(line.Length < 100));
    }

    [Fact]
    public void Long_name_is_shortened_in_the_middle()
    {
        _shell.Run($"$files = {Script("").Replace("'{name}'", "'" + new string('x', 60) + "-{id}'")}");

        Assert.Matches(@"\nx{10,}…[0-9a-v]{8,}\.png +1024x1024", _shell.Show("$files"));
    }

    /// <summary>The first rows set the widths of a table, but later rows need room too.</summary>
    [Fact]
    public void Name_column_has_room_for_longer_names_than_the_first()
    {
        _shell.Run($"$files = {Script("")}");

        Assert.Matches("\nName {43,}Pixels", _shell.Show("$files"));
    }

    [Theory]
    [InlineData(60, 20, 18)]
    [InlineData(80, 31, 27)]
    [InlineData(120, 53, 45)]
    [InlineData(200, 64, 114)]
    public void Name_and_prompt_share_the_width_of_the_line(int width, int nameCells, int promptCells)
    {
        using var shell = new ViewShell(width);
        string[] rows = shell.Show("""
            foreach ($name in 'fox.png', ('a-fox-' + 'x' * 80 + '.png'), ('狐' * 80 + '.png')) {
                $file = [pscustomobject]@{ Name = $name; Length = 5MB; PixelSize = '2752x1536'; DirectoryName = '/x'
                    Task = [NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Completed'; Prompt = '狐' * 100 } }
                $file.pstypenames.Insert(0, 'NanoBanana.SavedImage')
                $file
            }
            """).Split('\n')[^3..];

        static int Cells(string text) => text.Sum(c => c == '狐' ? 2 : 1);
        Assert.All(rows, row =>
        {
            string name = row[..row.IndexOf("  2752x1536   5.0 MB ", StringComparison.Ordinal)];
            string prompt = row[(row.IndexOf(" MB ", StringComparison.Ordinal) + 4)..];
            Assert.Equal(nameCells, Cells(name));
            Assert.InRange(Cells(prompt), promptCells - 1, promptCells);
            Assert.EndsWith("狐…", prompt);
        });
        Assert.All(rows[1..], row => Assert.Matches(@"….*\.png ", row));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KB")]
    [InlineData(1048575, "1.0 MB")]
    [InlineData(1363149, "1.3 MB")]
    [InlineData(5368709120, "5.0 GB")]
    public void Bytes_are_shown_in_the_units_of_PowerShell(long bytes, string shown)
    {
        _shell.Run($"$file = [pscustomobject]@{{ Length = {bytes} }}; $file.pstypenames.Insert(0, 'NanoBanana.SavedImage')");
        Assert.Equal(shown, _shell.Run("$file.View.Size")[0].BaseObject);
    }

    [Fact]
    public void List_shows_the_task()
    {
        _shell.Run($"$files = {Script("")}");

        string shown = _shell.ShowList("$files[0]");

        string[] labels = ["Name", "Directory", "Pixels", "Size", "Bytes", "LastWriteTime", "Task", "Prompt", "TotalTokens", "Text"];
        foreach (string label in labels)
            Assert.Matches($@"(^|\n){label} +: \S", shown);
    }

    public void Dispose()
    {
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Script(string parameters) =>
        $"@(New-NanoBananaImage 'a fox that is long enough to be cut at the end of its line' -Name fox {parameters} | "
        + $"Save-NanoBananaImage -Destination '{_folder}' -FileName '{{name}}')";
}
