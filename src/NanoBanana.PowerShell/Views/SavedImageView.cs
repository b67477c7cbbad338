using System.Management.Automation;
using NanoBanana.Client.Text;

namespace NanoBanana.Views;

/// <summary>The cells of the views of saved pictures; NanoBanana.format.ps1xml asks for them.</summary>
public static class SavedImageView
{
    /// <summary>As wide as the format file says. A fixed width: the first picture can't know how long the others' names are.</summary>
    private const int NameColumn = 44;

    /// <summary>The columns that name, pixels and bytes take, with the spaces between; the prompt has the others.</summary>
    private const int OtherColumns = NameColumn + 1 + 10 + 1 + 8 + 1;

    private const int NarrowestColumn = 12;

    /// <summary>The file's name, shortened in its middle.</summary>
    /// <param name="file">The saved picture.</param>
    public static string Name(PSObject file) => TextCells.FitMiddle(TaskView.OneLine(file.Read<string>("Name")), NameColumn);

    /// <summary>The file's size in the units of PowerShell, where 1KB is 1024 bytes: <c>1.3 MB</c>.</summary>
    /// <param name="file">The saved picture.</param>
    public static string? Size(PSObject file) => file.Read<long?>("Length") is { } length ? ByteSize.Describe(length) : null;

    /// <summary>The prompt that the picture was made from, shortened.</summary>
    /// <param name="file">The saved picture.</param>
    /// <param name="engine">The session that shows it.</param>
    public static string Prompt(PSObject file, EngineIntrinsics engine) =>
        TextCells.Fit(TaskView.OneLine(file.Read<PSObject>("Task")?.Read<string>("Prompt")), Math.Max(NarrowestColumn, new Screen(engine).Width - OtherColumns));
}
