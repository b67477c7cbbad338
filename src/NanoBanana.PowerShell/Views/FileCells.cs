namespace NanoBanana.Views;

/// <summary>The cells of a file that a command wrote.</summary>
internal class FileCells(PSObject source) : Cells(source)
{
    public string? Name => Text();

    public string? FullName => Text();

    public string? Directory => Text("DirectoryName");

    public string? Size => Bytes("Length");
}

/// <summary>The cells of a saved image.</summary>
internal sealed class SavedImageCells(PSObject source) : FileCells(source)
{
    /// <summary>The columns of pixels and size, with the spaces between. Name and prompt share the other columns.</summary>
    private const int OtherColumns = 1 + PixelCells + 1 + SizeCells + 1;

    private const int PixelCells = 10, SizeCells = 8;

    /// <summary>The maximum width of names. Names from the default template are rarely longer.</summary>
    private const int MaximumNameCells = 64;

    /// <summary>
    /// The name of the file, shortened in its middle and padded, because PowerShell makes the column as wide as the first name. Windows
    /// PowerShell distributes the columns automatically.
    /// </summary>
    public string ShortName
    {
        get
        {
            string name = TextCells.FitMiddle(OneLine(Source.Read<string>("Name")), NameCells);
#if NET
            name += new string(' ', NameCells - TextCells.Count(name));
#endif
            return name;
        }
    }

    /// <summary>
    /// Pixels and size, padded: if one column has no fixed width, PowerShell makes every column as wide as its first cell.
    /// </summary>
    public string PaddedPixels => OneLine(Source.Read<string>("PixelSize")).PadLeft(PixelCells);

    public string PaddedSize => (Size ?? "").PadLeft(SizeCells);

    /// <summary>The prompt, shortened to the rest of the line.</summary>
    public string ShortPrompt => TextCells.Fit(OneLine(Task?.Read<string>("Prompt")), Math.Max(1, SharedCells - NameCells));

    private static int SharedCells => Math.Max(20, Screen.Current.Width - OtherColumns);

    /// <summary>The width of the name. It gets a little more than half, because the ends of names differ.</summary>
    private static int NameCells => Math.Min(MaximumNameCells, SharedCells * 11 / 20);

    public string? TaskId => Clean(Task?.Read<string>("Id"));

    public string? Prompt => Clean(Task?.Read<string>("Prompt"));

    public string? AspectRatio => Clean(Task?.Read<string>("AspectRatio"));

    public string? Resolution => Clean(Task?.Read<string>("Resolution"));

    public string? ModelText => Clean(Task?.Read<string>("Text"));

    private PSObject? Task => Source.Read<PSObject>("Task");
}
