namespace NanoBanana.Views;

/// <summary>
/// Properties that PowerShell adds to the objects of the module; NanoBanana.types.ps1xml names them. A view reads its cells from the
/// hidden property <c>View</c>: a session in ConstrainedLanguage reads properties, and calls no methods of a module's types.
/// </summary>
public static class ObjectView
{
    /// <summary>The cells of a task.</summary>
    public static object Task(PSObject task) => new TaskCells(task);

    /// <summary>The cells of a saved image.</summary>
    public static object SavedImage(PSObject file) => new SavedImageCells(file);

    /// <summary>The cells of the page of a gallery.</summary>
    public static object Gallery(PSObject file) => new FileCells(file);

    /// <summary>The cells of a batch.</summary>
    public static object Batch(PSObject batch) => new BatchCells(batch);

    /// <summary>The cells of any other object: its texts and addresses.</summary>
    public static object Plain(PSObject source) => new PlainCells(source);

    /// <summary>
    /// The user's object that the task was made from: a row, a line, or the path of a file. Known in its own session only.
    /// </summary>
    public static object? Source(PSObject task) => (task?.BaseObject as ImageTask)?.Source;

    /// <summary>How long it took, or has taken so far, in seconds: a number that a report can add up.</summary>
    public static double? ElapsedSeconds(PSObject task) => (task?.BaseObject as ImageTask)?.Elapsed is { } elapsed
        ? Math.Round(elapsed.TotalSeconds, 1) : null;

    /// <summary>The files of a task that exist now, as items; null for none.</summary>
    public static object? File(PSObject task)
    {
        string[] paths = [.. PathsOf(task)];
        if (paths.Length == 0)
            return null;
        FileItems items = FileItems.Current;
        return new ItemList([.. paths.Select(path => items.Of(path))]);
    }

    /// <summary>
    /// What binds to <c>-LiteralPath</c> of PowerShell's own commands: the files of a task. A task that has none gives a text that is no
    /// path of a file: the command writes it in its error and goes on with the next task, which an error here would prevent.
    /// </summary>
    public static object PSPath(PSObject task)
    {
        string[] paths = [.. PathsOf(task)];
        if (paths.Length > 0)
            return paths.Select(FileItems.Current.PathOf).ToArray();
        string id = Cells.OneLine(task.Read<string>("Id"));
        return KnownPathsOf(task).FirstOrDefault() is { } gone
            ? $"(the file of task {id} was moved or removed, it was {Path.GetFileName(gone).Replace(':', '_')})"
            : $"(task {id} has no file, save it with Save-NanoBananaImage)";
    }

    /// <summary>The paths of a task's files, there or not: what goes along to a file or another session.</summary>
    public static object? SavedTo(PSObject task) => KnownPathsOf(task).ToArray() is { Length: > 0 } paths ? paths : null;

    private static IEnumerable<string> PathsOf(PSObject task) => KnownPathsOf(task).Where(System.IO.File.Exists);

    private static IEnumerable<string> KnownPathsOf(PSObject task) => (task?.BaseObject as ImageTask)?.SavedTo
        ?? (task is null ? null : TaskReader.Read(task)?.SavedTo) ?? [];

    /// <summary>Items whose text is that of their paths, as a cell of a table shows them.</summary>
    private sealed class ItemList(IList<PSObject> items) : System.Collections.ObjectModel.ReadOnlyCollection<PSObject>(items)
    {
        public override string ToString() => string.Join("; ", this);
    }
}
