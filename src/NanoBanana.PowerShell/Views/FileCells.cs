namespace NanoBanana.Views;

/// <summary>The cells of a file that a command has written.</summary>
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
    /// <summary>The columns that pixels and bytes take, with the spaces between; name and prompt share the others.</summary>
    private const int OtherColumns = 1 + PixelCells + 1 + SizeCells + 1;

    private const int PixelCells = 10, SizeCells = 8;

    /// <summary>Names that the template for files makes are rarely longer.</summary>
    private const int WidestName = 64;

    /// <summary>
    /// The file's name, shortened in its middle, with spaces at its end: PowerShell makes the column as wide as the first name, which can't
    /// know how long the others are. Windows PowerShell shares the line by itself.
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

    /// <summary>Pixels and size, as wide as any: where one column is open, PowerShell makes each as wide as its first cell.</summary>
    public string PaddedPixels => OneLine(Source.Read<string>("PixelSize")).PadLeft(PixelCells);

    public string PaddedSize => (Size ?? "").PadLeft(SizeCells);

    /// <summary>The prompt, shortened to what is left of the line.</summary>
    public string ShortPrompt => TextCells.Fit(OneLine(Task?.Read<string>("Prompt")), Math.Max(1, SharedCells - NameCells));

    private static int SharedCells => Math.Max(20, Screen.Current.Width - OtherColumns);

    /// <summary>A little more than the half: a name tells little without its end.</summary>
    private static int NameCells => Math.Min(WidestName, SharedCells * 11 / 20);

    public string? TaskId => Clean(Task?.Read<string>("Id"));

    public string? Prompt => Clean(Task?.Read<string>("Prompt"));

    public string? AspectRatio => Clean(Task?.Read<string>("AspectRatio"));

    public string? Resolution => Clean(Task?.Read<string>("Resolution"));

    public string? ModelText => Clean(Task?.Read<string>("Text"));

    private PSObject? Task => Source.Read<PSObject>("Task");
}
