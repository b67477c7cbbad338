using System.Collections;
using System.Globalization;
using System.Management.Automation;
using NanoBanana.Client;

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
    /// <param name="task">The task.</param>
    public static string Id(PSObject task)
    {
        string id = OneLine(task.Read<string>("Id"));
        return id.Length <= IdColumns ? id : "…" + id.Substring(id.Length - IdColumns + 1);
    }

    /// <summary>
    /// Where the task stands, in its colour, with the share that is done while it runs, and how many stand before it while it
    /// waits its turn.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <param name="engine">The session that shows it.</param>
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
    /// <param name="task">The task.</param>
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

    /// <summary>The size of the picture in pixels: as it is where the provider tells, else as it was asked for.</summary>
    /// <param name="task">The task.</param>
    public static string? Pixels(PSObject task)
    {
        if (task.Read<ImageOutput[]>("Image") is [{ Width: { } width, Height: { } height }, ..])
            return new PixelSize(width, height).ToString();
        string? resolution = task.Read<string>("Resolution") is { } given ? OneLine(given) : null;
        return task.Read<string>("AspectRatio") is { } ratio && ImageModel.TryGetPixelSize(ratio, resolution ?? ImageModel.DefaultResolution, out PixelSize size)
            ? PixelSizeText.Of(ratio, resolution ?? ImageModel.DefaultResolution, size)
            : resolution;
    }

    /// <summary>The prompt, shortened to what is left of the line; below it, for a task that failed, why.</summary>
    /// <param name="task">The task.</param>
    /// <param name="engine">The session that shows it.</param>
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
    /// <param name="task">The task.</param>
    /// <param name="engine">The session that shows it.</param>
    public static string Error(PSObject task, EngineIntrinsics engine) =>
        new Screen(engine).Paint(Plain(task.Read<string>("Error")), "Formatting", "Error");

    /// <summary>The pictures that were sent along. One that was a file is there with all its bytes, of which few say enough.</summary>
    /// <param name="task">The task.</param>
    public static string[] ImageUrl(PSObject task) =>
        [.. (task.Read<string[]>("ImageUrl") ?? []).Select(url => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? TextSafety.Excerpt(url, 40) : TextSafety.Clean(url))];

    /// <summary>What the provider adds, each as a pair.</summary>
    /// <param name="task">The task.</param>
    public static string[] Metadata(PSObject task) =>
        Texts([.. (task.Read<IEnumerable>("Metadata") ?? Array.Empty<object>()).Cast<object>().Select(item => item is DictionaryEntry pair ? $"[{pair.Key}, {pair.Value}]" : $"{item}")]);

    /// <summary>Texts, each with its lines.</summary>
    /// <param name="texts">The texts.</param>
    public static string[] Texts(string[]? texts) => [.. (texts ?? []).Select(Plain)];

    /// <summary>An address, escaped as it is sent: it can hide marks that turn a line around.</summary>
    /// <param name="address">The address.</param>
    public static string Address(Uri? address) => Plain(address is { IsAbsoluteUri: true } ? address.AbsoluteUri : address?.OriginalString);

    /// <summary>The text with its lines, free of what could disturb a terminal. A prompt may come from anyone's file.</summary>
    /// <param name="text">The text.</param>
    public static string Plain(string? text) => TextSafety.Clean(text ?? "");

    /// <summary>The text on one line, free of what could disturb a terminal.</summary>
    internal static string OneLine(string? text) => TextSafety.Excerpt(text, int.MaxValue);
}
