using System.Collections;
using System.Globalization;

namespace NanoBanana.Views;

/// <summary>The cells of a task.</summary>
internal sealed class TaskCells(PSObject source) : Cells(source)
{
    /// <summary>The columns of the table's other cells, with the spaces between.</summary>
    private const int OtherColumns = IdColumns + 1 + 11 + 1 + 7 + 1 + 7 + 1;

    /// <summary>The minimum number of cells for a prompt.</summary>
    private const int MinimumPromptCells = 10;

    /// <summary>The width of the id column, for ids of the protocol Generation.</summary>
    private const int IdColumns = 20;

    /// <summary>The minimum number of cells for showing the batch too.</summary>
    private const int MinimumCellsWithBatch = 50;

    /// <summary>The maximum number of cells for a reason. The error and the list have the whole reason.</summary>
    private const int MaximumReasonCells = 60;

    /// <summary>The id, or the end of a longer id. Ids start with the time and differ at their ends.</summary>
    public string ShortId
    {
        get
        {
            string id = OneLine(Source.Read<string>("Id"));
            return id.Length <= IdColumns ? id : "…" + id.Substring(id.Length - IdColumns + 1);
        }
    }

    /// <summary>
    /// The status in its color, with the progress of a running task, or the queue position of a pending task.
    /// </summary>
    public string Status
    {
        get
        {
            string status = Source.Read<string>(nameof(Status)) ?? "";
            string text = status;
            if (status == nameof(ImageTaskStatus.Running) && Source.Read<double?>("Progress") is { } progress)
                text = string.Format(CultureInfo.InvariantCulture, "{0} {1:0}%", status, progress * 100);
            else if (status == nameof(ImageTaskStatus.Pending) && Source.Read<int?>("QueuePosition") is > 0 and var position)
                text = string.Format(CultureInfo.InvariantCulture, "{0} #{1}", status, position);
            Screen screen = Screen.Current;
            return status switch
            {
                nameof(ImageTaskStatus.Completed) => screen.Colorize(text, "Foreground", "Green"),
                nameof(ImageTaskStatus.Running) => screen.Colorize(text, "Foreground", "Cyan"),
                nameof(ImageTaskStatus.Failed) => screen.Colorize(text, "Formatting", "Error"),
                nameof(ImageTaskStatus.Unknown) => screen.Colorize(text, "Formatting", "Warning"),
                nameof(ImageTaskStatus.Canceled) => screen.Colorize(text, "Foreground", "Yellow"),
                _ => text,
            };
        }
    }

    public string? Created => ShortTime("CreatedAt");

    /// <summary>
    /// The batch (on a wide screen), the name, the variation and the prompt: <c>[catalog] fox #2: a red fox …</c>. They share the rest of
    /// the line, so that a task without a name has more space for its prompt. A failed task has a short reason below it.
    /// </summary>
    public string NameAndPrompt
    {
        get
        {
            Screen screen = Screen.Current;
            int cells = Math.Max(MinimumPromptCells, screen.Width - OtherColumns);
            string text = Line(cells, withBatch: cells >= MinimumCellsWithBatch);
            return Reason is { } reason
                ? text + Environment.NewLine
                    + screen.Colorize(TextCells.Fit(reason, Math.Min(cells, MaximumReasonCells)), "Formatting", "Error")
                : text;
        }
    }

    /// <summary>Name and prompt, for a view with only names.</summary>
    public string Title => Line(int.MaxValue, withBatch: false) is { Length: > 0 } line ? line : ShortId;

    /// <summary>The size of the image in pixels: the actual size if the provider reports it, otherwise the requested size.</summary>
    public string? Pixels
    {
        get
        {
            if (Source.Read<ImageOutput[]>("Image") is [{ Width: { } width, Height: { } height }, ..])
                return new PixelSize(width, height).ToString();
            string? resolution = Source.Read<string>(nameof(Resolution)) is { } given ? OneLine(given) : null;
            string assumed = resolution ?? ImageModel.DefaultResolution;
            return Source.Read<string>(nameof(AspectRatio)) is { } ratio && ImageModel.TryGetPixelSize(ratio, assumed, out PixelSize size)
                ? SizeText(ratio, assumed, size)
                : resolution;
        }
    }

    /// <summary>
    /// The expected size of an image. For 21:9 at 0.5K, the sources differ (792x168, 792x336), so the size is approximate.
    /// </summary>
    internal static string SizeText(string ratio, string resolution, PixelSize size) =>
        ratio == "21:9" && resolution == "0.5K" ? $"about {size}" : size.ToString();

    /// <summary>The reason of a failure, in the color of errors.</summary>
    public string Error => Screen.Current.Colorize(Clean(Source.Read<string>(nameof(Error))), "Formatting", nameof(Error));

    /// <summary>The input images. A data URI contains all bytes of an image, so it is shortened.</summary>
    public string[] ImageUrl => [.. (Source.Read<string[]>(nameof(ImageUrl)) ?? []).Select(url =>
        url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? TextSafety.Excerpt(url, 40) : TextSafety.Clean(url))];

    /// <summary>Other values from the provider, as pairs.</summary>
    public string[] Metadata => [.. (Source.Read<IEnumerable>(nameof(Metadata)) ?? Array.Empty<object>()).Cast<object>()
        .Select(item => Clean(item is DictionaryEntry pair ? $"[{pair.Key}, {pair.Value}]" : $"{item}"))];

    public string[] ResponseModality => Texts();

    public string[] ImagePath => Texts();

    /// <summary>The existing files.</summary>
    public string[] File => [.. (ObjectView.File(Source) as IEnumerable<PSObject> ?? []).Select(file => Clean($"{file}"))];

    public string? Id => Text();

    public string? Name => Text();

    public string? Variation => Text();

    public string? Batch => Text();

    public string? Prompt => Text();

    public string? AspectRatio => Text();

    public string? Resolution => Text();

    public string? Model => Text();

    public string? ModelText => Text("Text");

    public string? TextUrl => Address();

    public string? RawStatus => Text();

    public string? RequestId => Text();

    public string? Endpoint => Address();

    public string? Verdict => Text();

    private string[] Texts([System.Runtime.CompilerServices.CallerMemberName] string property = "") =>
        [.. (Source.Read<string[]>(property) ?? []).Select(Clean)];

    /// <summary>The short reason: the code and its meaning, or the message. The error has the whole reason.</summary>
    private string? Reason
    {
        get
        {
            if (Source.Properties["Error"]?.Value is not { } value)
                return null;
            PSObject error = PSObject.AsPSObject(value);
            string text = OneLine(error.Read<string>("Meaning") ?? error.Read<string>("Message") ?? $"{value}");
            return error.Read<string>("Code") is { } code && !text.StartsWith(code, StringComparison.Ordinal)
                ? $"{OneLine(code)} {text}"
                : text;
        }
    }

    private string Line(int cells, bool withBatch)
    {
        string batch = withBatch && Source.Read<string>("Batch") is { } inBatch
            ? $"[{TextCells.Fit(OneLine(inBatch), cells / 5)}] "
            : "";
        string[] names = [OneLine(Source.Read<string>("Name")), Source.Read<string>("Variation") is { } one ? "#" + OneLine(one) : ""];
        string name = TextCells.FitMiddle(string.Join(" ", names.Where(part => part.Length > 0)), Math.Max(4, cells / 3));
        string prompt = OneLine(Source.Read<string>("Prompt"));
        return TextCells.Fit(batch + (name.Length > 0 && prompt.Length > 0 ? $"{name}: {prompt}" : name + prompt), cells);
    }
}
