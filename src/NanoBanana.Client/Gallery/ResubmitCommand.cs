using System.Text.RegularExpressions;

namespace NanoBanana.Client.Gallery;

/// <summary>Creates the command line that submits the same request again, to copy it from the page into a shell.</summary>
internal static class ResubmitCommand
{
    /// <summary>The characters that PowerShell treats as single quotation marks.</summary>
    private static readonly Regex Quotes = new("['\u2018\u2019\u201A\u201B]", RegexOptions.CultureInvariant);

    private static readonly Regex Plain = new("^[A-Za-z0-9:_]+$", RegexOptions.CultureInvariant);

    /// <param name="task">The task that made the image.</param>
    /// <param name="files">The paths of its input files, relative to the page's folder.</param>
    /// <returns>The command; null if some input of the request is not known.</returns>
    public static string? Of(ImageTask task, IReadOnlyList<string> files)
    {
        if (string.IsNullOrWhiteSpace(task.Prompt))
            return null;
        string[] sent = [.. task.ImageUrl ?? []];
        string[] addresses = [.. sent.Where(url => !url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))];
        if (sent.Length - addresses.Length > files.Count)
            return null;
        string?[] parts =
        [
            "New-NanoBananaImage",
            Parameter("Prompt", [task.Prompt!]),
            Parameter("ImageUrl", addresses),
            Parameter("ImagePath", files),
            Parameter("AspectRatio", [task.AspectRatio]),
            Parameter("Resolution", [task.Resolution]),
            Parameter("ResponseModality", task.ResponseModality ?? []),
            Parameter("Model", [task.Model == ImageModel.DefaultId ? null : task.Model]),
        ];
        return string.Join(" ", parts.Where(part => part is not null));
    }

    private static string? Parameter(string name, IEnumerable<string?> values)
    {
        string list = string.Join(",", values.Where(value => value is not null).Select(value => Argument(value!)));
        return list.Length == 0 ? null : $"-{name} {list}";
    }

    private static string Argument(string value)
    {
        string clean = TextSafety.Clean(value);
        return Plain.IsMatch(clean) ? clean : $"'{Quotes.Replace(clean, "$0$0")}'";
    }
}
