using System.Globalization;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Gallery;

/// <summary>Writes one card of the gallery.</summary>
/// <param name="output">Where to.</param>
/// <param name="directory">The full path of the page's folder.</param>
/// <param name="embed">Whether the picture itself goes into the page.</param>
internal sealed class GalleryCard(TextWriter output, string directory, bool embed)
{
    /// <summary>A prompt of more characters is folded.</summary>
    private const int LongPrompt = 240;

    /// <summary>A prompt of as many characters is its own heading; of a longer one its first words are.</summary>
    private const int ShortPrompt = 80;

    private const int HeadingLength = 48;

    private static readonly HtmlTemplate Template = HtmlTemplate.Load("card.html");

    /// <summary>Writes the card.</summary>
    /// <param name="entry">What it shows.</param>
    /// <param name="picture">Its file as it is now; null when there is none to show.</param>
    /// <param name="absence">Why there is none.</param>
    /// <param name="stop">Ends the copying of a picture.</param>
    public void Write(GalleryEntry entry, GalleryPicture? picture, GalleryAbsence? absence, CancellationToken stop)
    {
        string heading = Heading(entry);
        Template.Write(output, field =>
        {
            switch (field)
            {
                case "state":
                    output.Write(absence?.State ?? "saved");
                    break;
                case "picture" when picture is null:
                    output.Write($"<p>{absence!.Title}</p>");
                    break;
                case "picture":
                    WritePicture(picture, entry.Task?.Prompt ?? heading, stop);
                    break;
                case "name":
                    output.Write(Html.Escape(heading));
                    break;
                case "reason":
                    WriteReason(absence?.Reason);
                    WriteReason(entry.Problem);
                    break;
                case "prompt" when entry.Task?.Prompt is { } prompt && prompt != heading:
                    WritePrompt(prompt);
                    break;
                case "facts":
                    WriteFacts(entry, picture);
                    break;
            }
        });
    }

    private static string Heading(GalleryEntry entry)
    {
        if (!string.IsNullOrWhiteSpace(entry.Task?.Name))
            return entry.Task!.Name!;
        if (entry.Task?.Prompt is { } prompt)
            return prompt.Length <= ShortPrompt ? prompt : TextSafety.Excerpt(prompt, HeadingLength);
        return entry.FilePath is null ? $"Task {entry.Task?.Id}" : Path.GetFileName(entry.FilePath);
    }

    private void WritePicture(GalleryPicture picture, string alt, CancellationToken stop)
    {
        string size = picture.Size is { } pixels ? FormattableString.Invariant($" width=\"{pixels.Width}\" height=\"{pixels.Height}\"") : "";
        string image = $"<img alt=\"{Html.Escape(alt)}\"{size} loading=\"lazy\" decoding=\"async\" src=\"";
        if (embed)
        {
            output.Write($"{image}data:{picture.MediaType};base64,");
            picture.WriteBase64(output, stop);
            output.Write("\">");
            return;
        }
        string address = Html.Escape(RelativeUrl.Between(directory, picture.Path));
        output.Write($"<a href=\"{address}\">{image}{address}\"></a>");
    }

    private void WriteReason(string? reason)
    {
        if (reason is not null)
            output.Write($"<p class=\"reason\" dir=\"auto\">{Html.Escape(reason)}</p>\n");
    }

    private void WritePrompt(string prompt)
    {
        bool isLong = prompt.Length > LongPrompt;
        output.Write($"<p class=\"prompt{(isLong ? " long" : "")}\" dir=\"auto\">{Html.Escape(prompt)}</p>");
        // The script shows it: without the script the prompt is not folded.
        if (isLong)
            output.Write("<button class=\"more\" type=\"button\" aria-expanded=\"false\" hidden>Show all</button>");
        output.Write('\n');
    }

    private void WriteFacts(GalleryEntry entry, GalleryPicture? picture)
    {
        ImageTask? task = entry.Task;
        string? pixels = picture?.Size is { } size ? FormattableString.Invariant($"{size.Width} × {size.Height}") : null;
        string? file = picture is null ? null : Path.GetFileName(picture.Path);
        Fact("Size", string.Join(", ", new[] { pixels, picture is null ? null : ByteSize.Describe(picture.Length) }.Where(value => value is not null)));
        Fact("Asked for", string.Join(", ", new[] { task?.AspectRatio, task?.Resolution }.Where(value => value is not null)));
        Fact("Tokens", task?.TotalTokens?.ToString("N0", CultureInfo.InvariantCulture));
        Fact("Took", task?.HasEnded == true && task.Elapsed is { } elapsed ? Duration(elapsed) : null);
        Fact("File", file);
        // Most names of files end with it.
        Fact("Task", file is not null && task is not null && file.Contains(task.Id) ? null : task?.Id);
    }

    private void Fact(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            output.Write($"<dt>{name}</dt><dd>{Html.Escape(value!)}</dd>");
    }

    private static string Duration(TimeSpan time) => time.TotalMinutes < 1
        ? FormattableString.Invariant($"{time.TotalSeconds:0.0} s")
        : FormattableString.Invariant($"{(int)time.TotalMinutes} min {time.Seconds} s");
}

/// <summary>Why a card has no picture.</summary>
/// <param name="State">The word that the filter knows: <c>failed</c>, <c>running</c> or <c>missing</c>.</param>
/// <param name="Title">What stands in the picture's place.</param>
/// <param name="Reason">The reason, in a sentence or in the service's words.</param>
internal sealed record GalleryAbsence(string State, string Title, string Reason)
{
    /// <param name="task">The task; null for a file of which nothing is known.</param>
    /// <param name="problem">What is wrong with its file; null when none is known.</param>
    public static GalleryAbsence Of(ImageTask? task, string? problem) => task?.Status switch
    {
        ImageTaskStatus.Failed => new("failed", "Failed", task.Error?.ToString() ?? "The service gave no reason."),
        ImageTaskStatus.Canceled => new("failed", "Canceled", "The task was canceled."),
        ImageTaskStatus.Unknown => new("failed", "Fate unknown", "It was sent, and what became of it is not known. It may have been paid for."),
        ImageTaskStatus.Submitting or ImageTaskStatus.Pending or ImageTaskStatus.Running =>
            new("running", "Not done", "It was not done yet when it was last asked for."),
        ImageTaskStatus.Completed when task.Image.Count == 0 && problem is null =>
            new("failed", "No picture", task.Text is null ? "The task completed without a picture." : $"The task completed without a picture. The model says: {task.Text}"),
        _ => new("missing", "No file", problem ?? "It was not saved, or to a file that is not known here."),
    };
}
