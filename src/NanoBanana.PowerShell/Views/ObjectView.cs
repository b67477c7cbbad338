namespace NanoBanana.Views;

/// <summary>
/// Properties that NanoBanana.types.ps1xml adds to the objects of the module. A view reads its cells from the hidden property <c>View</c>,
/// because a session in ConstrainedLanguage can read properties but can't call methods of a module's types.
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
    /// The user's input of a task: a row, a string, or the path of a file. It exists only in the session that submitted the task.
    /// </summary>
    public static object? Source(PSObject task) => (task?.BaseObject as ImageTask)?.Source;

    /// <summary>The elapsed time in seconds, as a number for reports.</summary>
    public static double? ElapsedSeconds(PSObject task) => (task?.BaseObject as ImageTask)?.Elapsed is { } elapsed
        ? Math.Round(elapsed.TotalSeconds, 1) : null;

    /// <summary>The existing files of a task, as items; null without files.</summary>
    public static object? File(PSObject task)
    {
        string[] paths = [.. PathsOf(task)];
        if (paths.Length == 0)
            return null;
        FileItemFactory factory = FileItemFactory.Current;
        return new ItemList([.. paths.Select(path => factory.Create(path))]);
    }

    /// <summary>
    /// The files of a task, for <c>-LiteralPath</c> of PowerShell's own commands. For a task without files, a text that is not the path of
    /// a file: the command writes it in its error and continues with the next task. An exception here would prevent that.
    /// </summary>
    public static object PSPath(PSObject task)
    {
        string[] paths = [.. PathsOf(task)];
        if (paths.Length > 0)
            return paths.Select(FileItemFactory.Current.PathOf).ToArray();
        string id = Cells.OneLine(task.Read<string>("Id"));
        return KnownPathsOf(task).FirstOrDefault() is { } gone
            ? Messages.FileOfTaskIsGone(id, Path.GetFileName(gone).Replace(':', '_'))
            : Messages.TaskHasNoFile(id);
    }

    /// <summary>All paths of a task's files, for a file or another session; null without paths.</summary>
    public static object? SavedTo(PSObject task) => KnownPathsOf(task).ToArray() is { Length: > 0 } paths ? paths : null;

    private static IEnumerable<string> PathsOf(PSObject task) => KnownPathsOf(task).Where(System.IO.File.Exists);

    private static IEnumerable<string> KnownPathsOf(PSObject task) => (task?.BaseObject as ImageTask)?.SavedTo
        ?? (task is null ? null : TaskReader.Read(task)?.SavedTo) ?? [];

    /// <summary>Items whose text is the list of their paths, for a cell of a table.</summary>
    private sealed class ItemList(IList<PSObject> items) : System.Collections.ObjectModel.ReadOnlyCollection<PSObject>(items)
    {
        public override string ToString() => string.Join("; ", this);
    }
}
