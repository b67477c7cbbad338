using System.Collections;
using System.Globalization;
using NanoBanana.Client.Text;

namespace NanoBanana.Views;

/// <summary>The cells of the views of <see cref="ImageTask"/>; NanoBanana.format.ps1xml asks for them.</summary>
public static class TaskView
{
    /// <summary>The columns that the table's other cells take, with the spaces between.</summary>
    private const int OtherColumns = IdColumns + 1 + 11 + 1 + 7 + 1 + 10 + 1;

    /// <summary>Narrower than this a prompt says nothing; then PowerShell wraps the line.</summary>
    private const int NarrowestPrompt = 20;

    /// <summary>The width of the table's column of ids: those of the generation protocol fit.</summary>
    private const int IdColumns = 20;

    /// <summary>The id, or the end of a longer one: ids begin with the time, and differ at their ends.</summary>
    public static string Id(PSObject task)
    {
        string id = OneLine(task.Read<string>("Id"));
        return id.Length <= IdColumns ? id : "…" + id.Substring(id.Length - IdColumns + 1);
    }

    /// <summary>
    /// Where the task stands, in its colour, with the share that is done while it runs, and how many stand before it while it
    /// waits its turn.
    /// </summary>
    public static string Status(PSObject task, EngineIntrinsics engine)
    {
        string status = task.Read<string>("Status") ?? "";
        string text = status;
        if (status == nameof(ImageTaskStatus.Running) && task.Read<double?>("Progress") is { } progress)
            text = string.Format(CultureInfo.InvariantCulture, "{0} {1:0}%", status, progress * 100);
        else if (status == nameof(ImageTaskStatus.Pending) && task.Read<int?>("QueuePosition") is > 0 and var position)
            text = string.Format(CultureInfo.InvariantCulture, "{0} #{1}", status, position);
        var screen = new Screen(engine);
        return status switch
        {
            nameof(ImageTaskStatus.Completed) => screen.Paint(text, "Foreground", "Green"),
            nameof(ImageTaskStatus.Running) => screen.Paint(text, "Foreground", "Cyan"),
            nameof(ImageTaskStatus.Failed) => screen.Paint(text, "Formatting", "Error"),
            nameof(ImageTaskStatus.Unknown) => screen.Paint(text, "Formatting", "Warning"),
            nameof(ImageTaskStatus.Canceled) => screen.Paint(text, "Foreground", "Yellow"),
            _ => text,
        };
    }

    /// <summary>How long it took, or has taken so far: <c>8.4 s</c>, <c>2m 05s</c>, <c>1h 02m</c>.</summary>
    public static string? Elapsed(PSObject task)
    {
        if (task.Read<TimeSpan?>("Elapsed") is not { } elapsed)
            return null;
        // Rounded first: 59.96 s is a minute, not sixty seconds.
        var time = TimeSpan.FromSeconds(Math.Round(elapsed.TotalSeconds, 1));
        if (time.TotalMinutes < 1)
            return time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
        return time.TotalHours < 1
            ? string.Format(CultureInfo.InvariantCulture, "{0}m {1:00}s", time.Minutes, time.Seconds)
            : string.Format(CultureInfo.InvariantCulture, "{0}h {1:00}m", (long)time.TotalHours, time.Minutes);
    }

    /// <summary>
    /// The user's object that the task was made from: a row, a line, or the path of a file. Known in its own session only.
    /// </summary>
    /// <param name="task">The task.</param>
    public static object? Source(PSObject task) => (task?.BaseObject as ImageTask)?.Source;

    /// <summary>How long it took, or has taken so far, in seconds: a number that a report can add up.</summary>
    /// <param name="task">The task.</param>
    public static double? ElapsedSeconds(PSObject task) => (task?.BaseObject as ImageTask)?.Elapsed is { } elapsed
        ? Math.Round(elapsed.TotalSeconds, 1) : null;

    /// <summary>The size of the picture in pixels: as it is where the provider tells, else as it was asked for.</summary>
    public static string? Pixels(PSObject task)
    {
        if (task.Read<ImageOutput[]>("Image") is [{ Width: { } width, Height: { } height }, ..])
            return new PixelSize(width, height).ToString();
        string? resolution = task.Read<string>("Resolution") is { } given ? OneLine(given) : null;
        return task.Read<string>("AspectRatio") is { } ratio && ImageModel.TryGetPixelSize(ratio, resolution ?? ImageModel.DefaultResolution, out PixelSize size)
            ? SizeText(ratio, resolution ?? ImageModel.DefaultResolution, size)
            : resolution;
    }

    /// <summary>The prompt, shortened to what is left of the line; below it, for a task that failed, why.</summary>
    public static string Prompt(PSObject task, EngineIntrinsics engine)
    {
        var screen = new Screen(engine);
        int cells = Math.Max(NarrowestPrompt, screen.Width - OtherColumns);
        string prompt = TextCells.Fit(OneLine(task.Read<string>("Prompt")), cells);
        return task.Read<string>("Error") is { } error
            ? prompt + Environment.NewLine + screen.Paint(TextCells.Fit(OneLine(error), cells), "Formatting", "Error")
            : prompt;
    }

    /// <summary>Why it failed, in the colour of errors.</summary>
    public static string Error(PSObject task, EngineIntrinsics engine) =>
        new Screen(engine).Paint(Plain(task.Read<string>("Error")), "Formatting", "Error");

    /// <summary>The pictures that were sent along. One that was a file is there with all its bytes, of which few say enough.</summary>
    public static string[] ImageUrl(PSObject task) =>
        [.. (task.Read<string[]>("ImageUrl") ?? []).Select(url => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? TextSafety.Excerpt(url, 40) : TextSafety.Clean(url))];

    /// <summary>What the provider adds, each as a pair.</summary>
    public static string[] Metadata(PSObject task) =>
        Texts([.. (task.Read<IEnumerable>("Metadata") ?? Array.Empty<object>()).Cast<object>().Select(item => item is DictionaryEntry pair ? $"[{pair.Key}, {pair.Value}]" : $"{item}")]);

    /// <summary>Texts, each with its lines.</summary>
    public static string[] Texts(string[]? texts) => [.. (texts ?? []).Select(Plain)];

    /// <summary>An address, escaped as it is sent: it can hide marks that turn a line around.</summary>
    public static string Address(Uri? address) => Plain(address is { IsAbsoluteUri: true } ? address.AbsoluteUri : address?.OriginalString);

    /// <summary>The size of an image to come. For 21:9 at 0.5K the sources differ (792x168, 792x336), so that size is no promise.</summary>
    internal static string SizeText(string ratio, string resolution, PixelSize size) => ratio == "21:9" && resolution == "0.5K" ? $"about {size}" : size.ToString();

    /// <summary>The text with its lines, free of what could disturb a terminal. A prompt may come from anyone's file.</summary>
    public static string Plain(string? text) => TextSafety.Clean(text ?? "");

    /// <summary>The text on one line, free of what could disturb a terminal.</summary>
    internal static string OneLine(string? text) => TextSafety.Excerpt(text, int.MaxValue);

    /// <summary>A property by its name: an object that came back from a job has it, and no longer its type.</summary>
    /// <returns>The value; null when it is not there or is of another kind.</returns>
    internal static T? Read<T>(this PSObject source, string property)
    {
        object? value = source.Properties[property]?.Value;
        return value is not null && LanguagePrimitives.TryConvertTo(value, out T read) ? read : default;
    }
}

/// <summary>The cells of the views of saved pictures; NanoBanana.format.ps1xml asks for them.</summary>
public static class SavedImageView
{
    /// <summary>As wide as the format file says. A fixed width: the first picture can't know how long the others' names are.</summary>
    private const int NameColumn = 44;

    /// <summary>The columns that name, pixels and bytes take, with the spaces between; the prompt has the others.</summary>
    private const int OtherColumns = NameColumn + 1 + 10 + 1 + 8 + 1;

    private const int NarrowestColumn = 12;

    /// <summary>The file's name, shortened in its middle.</summary>
    public static string Name(PSObject file) => TextCells.FitMiddle(TaskView.OneLine(file.Read<string>("Name")), NameColumn);

    /// <summary>The file's size in the units of PowerShell, where 1KB is 1024 bytes: <c>1.3 MB</c>.</summary>
    public static string? Size(PSObject file) => file.Read<long?>("Length") is { } length ? ByteSize.Describe(length) : null;

    /// <summary>The prompt that the picture was made from, shortened.</summary>
    public static string Prompt(PSObject file, EngineIntrinsics engine) =>
        TextCells.Fit(TaskView.OneLine(file.Read<PSObject>("Task")?.Read<string>("Prompt")), Math.Max(NarrowestColumn, new Screen(engine).Width - OtherColumns));
}
