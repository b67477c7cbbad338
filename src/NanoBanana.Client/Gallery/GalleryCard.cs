using System.Globalization;
using NanoBanana.Client.Files;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Gallery;

/// <summary>Writes one card of the gallery.</summary>
/// <param name="output">The writer of the page.</param>
/// <param name="directory">The full path of the page's folder.</param>
/// <param name="embed">Whether the images are embedded in the page.</param>
internal sealed class GalleryCard(TextWriter output, string directory, bool embed)
{
    /// <summary>A prompt with more characters is collapsed.</summary>
    private const int LongPrompt = 240;

    /// <summary>A prompt with at most this number of characters is the heading. For a longer prompt, its first words are.</summary>
    private const int ShortPrompt = 80;

    private const int HeadingLength = 48;

    private static readonly HtmlTemplate Template = HtmlTemplate.Load("card.html");

    private int _number;

    /// <summary>Writes the card.</summary>
    /// <param name="item">The content of the card.</param>
    /// <param name="absence">The reason why there is no image; null if there is one.</param>
    /// <param name="stop">Stops copying an image.</param>
    public void Write(GalleryItem item, GalleryAbsence? absence, CancellationToken stop)
    {
        GalleryEntry entry = item.Entry;
        string heading = Heading(entry.Task) ?? (entry.FilePath is null ? $"Task {entry.Task?.Id}" : Path.GetFileName(entry.FilePath));
        _number++;
        Template.Write(output, field =>
        {
            switch (field)
            {
                case "number":
                    output.Write(_number.ToString(CultureInfo.InvariantCulture));
                    break;
                case "state":
                    output.Write(absence?.State ?? "saved");
                    break;
                case "file" when item.Image is not null:
                    output.Write($" data-file=\"{FileKey(item.Image.Path)}\"");
                    break;
                case "image" when item.Image is null:
                    output.Write($"<p>{absence!.Title}</p>");
                    break;
                case "image":
                    WriteImageFile(item.Image, item.Thumbnail, entry.Task?.Prompt ?? heading, heading, stop);
                    break;
                case "sources" when item.Sources.Count > 0:
                    WriteSources(item.Sources);
                    break;
                case "name":
                    output.Write(Html.Escape(heading));
                    break;
                case "reason":
                    WriteReason(absence?.Reason);
                    WriteReason(entry.Problem);
                    WriteReason(item.Thumbnail?.Problem);
                    break;
                case "prompt" when entry.Task?.Prompt is { } prompt && prompt != heading:
                    WritePrompt(prompt);
                    break;
                case "copy" when !string.IsNullOrWhiteSpace(entry.Task?.Prompt):
                    WriteCopy(item);
                    break;
                case "facts":
                    WriteFacts(entry, item.Image);
                    break;
            }
        });
    }

    /// <summary>The key of a file in the page, for the script to find the card of an input image. It does not reveal folders.</summary>
    private static string FileKey(string path) => Sha256Hex.Of(path).Substring(0, 16);

    /// <summary>The name of a request, or the start of its prompt.</summary>
    private static string? Heading(ImageTask? task)
    {
        if (!string.IsNullOrWhiteSpace(task?.Name))
            return task!.Name;
        return task?.Prompt is { } prompt ? prompt.Length <= ShortPrompt ? prompt : TextSafety.Excerpt(prompt, HeadingLength) : null;
    }

    /// <param name="image">The image.</param>
    /// <param name="thumbnail">The thumbnail; null for the image itself.</param>
    /// <param name="alt">The alternative text.</param>
    /// <param name="heading">The heading of its card.</param>
    /// <param name="stop">Stops copying the image.</param>
    private void WriteImageFile(GalleryImage image, Thumbnail? thumbnail, string alt, string heading, CancellationToken stop)
    {
        string size = image.Size is { } pixels ? FormattableString.Invariant($" width=\"{pixels.Width}\" height=\"{pixels.Height}\"") : "";
        if (!embed)
            output.Write($"<a href=\"{AddressOf(image.Path)}\">");
        WriteImage(image, thumbnail, $"alt=\"{Html.Escape(alt)}\"{size} ", stop);
        if (!embed)
            output.Write("</a>");
        // The script shows the button, because it has no function without the script.
        else if (thumbnail?.Data is null)
            output.Write($"<button class=\"open\" type=\"button\" aria-label=\"Full size: {Html.Escape(heading)}\" hidden></button>");
    }

    private void WriteImage(GalleryImage image, Thumbnail? thumbnail, string attributes, CancellationToken stop)
    {
        output.Write($"<img {attributes}loading=\"lazy\" decoding=\"async\" src=\"");
        if (thumbnail?.Data is { } data)
        {
            output.Write($"data:image/webp;base64,{Convert.ToBase64String(data)}");
        }
        else if (embed)
        {
            output.Write($"data:{image.MediaType};base64,");
            image.WriteBase64(output, stop);
        }
        else
        {
            output.Write(thumbnail?.Address is { } address ? Html.Escape(address) : AddressOf(image.Path));
        }
        output.Write("\">");
    }

    private string AddressOf(string path) => Html.Escape(RelativeUrl.Between(directory, path));

    private void WriteSources(IReadOnlyList<GallerySourceItem> sources)
    {
        output.Write("<div class=\"lineage\"><p>Made from</p><ul class=\"sources\" role=\"list\" aria-label=\"Made from\">\n");
        foreach (GallerySourceItem item in sources)
        {
            string name = Html.Escape(item.Source.Name);
            output.Write(item.Source.Path is { } path ? $"<li data-file=\"{FileKey(path)}\">" : "<li>");
            if (item.Image is { } image && item.CanShow(embed))
            {
                output.Write(embed ? "<span class=\"input\">" : $"<a class=\"input\" href=\"{AddressOf(image.Path)}\">");
                WriteImage(image, item.Thumbnail, $"alt=\"Input image {name}\" ", CancellationToken.None);
                output.Write(embed ? "</span>" : "</a>");
            }
            output.Write("<p dir=\"auto\">");
            output.Write(item.Image is not null && !embed ? $"<a href=\"{AddressOf(item.Image.Path)}\">{name}</a>"
                : item.Source.Address is { } address ? $"<a href=\"{Html.Escape(address)}\" rel=\"noreferrer noopener\">{name}</a>"
                : name);
            if (item.Problem is { } problem)
                output.Write($" <span class=\"quiet\">{Html.Escape(problem)}</span>");
            else if (Heading(item.Source.Task) is { } made)
                output.Write($" <span class=\"quiet\">{Html.Escape(made)}</span>");
            output.Write("</p></li>\n");
        }
        output.Write("</ul></div>\n");
    }

    private void WriteCopy(GalleryItem item)
    {
        string[] files = [.. item.Sources.Where(source => source.Source.Path is not null)
            .Select(source => RelativePath.Between(directory, source.Source.Path!))];
        output.Write("<div class=\"copy\" hidden><button type=\"button\">Copy prompt</button>");
        if (ResubmitCommand.Of(item.Entry.Task!, files) is { } command)
            output.Write($"<button type=\"button\" data-command=\"{Html.Escape(command)}\">Copy command</button>");
        output.Write("</div>\n");
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
        // The script shows the button, because the prompt is not collapsed without the script.
        if (isLong)
            output.Write("<button class=\"more\" type=\"button\" aria-expanded=\"false\" hidden>Show all</button>");
        output.Write('\n');
    }

    private void WriteFacts(GalleryEntry entry, GalleryImage? image)
    {
        ImageTask? task = entry.Task;
        string? pixels = image?.Size is { } size ? FormattableString.Invariant($"{size.Width} × {size.Height}") : null;
        string? file = image is null ? null : Path.GetFileName(image.Path);
        string? bytes = image is null ? null : ByteSize.Describe(image.Length);
        Fact("Size", string.Join(", ", new[] { pixels, bytes }.Where(value => value is not null)));
        Fact("Requested", string.Join(", ", new[] { task?.AspectRatio, task?.Resolution }.Where(value => value is not null)));
        Fact("Tokens", task?.TotalTokens?.ToString("N0", CultureInfo.InvariantCulture));
        Fact("Duration", task?.HasEnded == true && task.Elapsed is { } elapsed ? Duration(elapsed) : null);
        Fact("File", file);
        // Most file names end with the id.
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

/// <summary>The reason why a card has no image.</summary>
/// <param name="State">The state for the filter: <c>failed</c>, <c>running</c> or <c>missing</c>.</param>
/// <param name="Title">The text in the place of the image.</param>
/// <param name="Reason">The reason, as a sentence or in the service's words.</param>
internal sealed record GalleryAbsence(string State, string Title, string Reason)
{
    /// <param name="task">The task; null if it is not known.</param>
    /// <param name="problem">The problem of its file; null if no problem is known.</param>
    public static GalleryAbsence Of(ImageTask? task, string? problem) => task?.Status switch
    {
        ImageTaskStatus.Failed => new("failed", "Failed", task.Error?.ToString() ?? Messages.NoReason),
        ImageTaskStatus.Canceled => new("failed", "Canceled", Messages.CardTaskCanceled),
        ImageTaskStatus.Unknown => new("failed", "Unknown", Messages.CardOutcomeUnknown),
        ImageTaskStatus.Submitting or ImageTaskStatus.Pending or ImageTaskStatus.Running =>
            new("running", "Not done", Messages.CardNotDone),
        ImageTaskStatus.Completed when task.Image.Count == 0 && problem is null =>
            new("failed", "No image", task.Text is null ? Messages.CardNoImage : Messages.NoImageButText(task.Text)),
        _ => new("missing", "No file", problem ?? Messages.CardFileUnknown),
    };
}
