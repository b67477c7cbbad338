using System.Text;
using System.Text.Json;

namespace NanoBanana.Client.Wire;

/// <summary>The pictures and texts among the output items of a completed task; items of other types are passed over.</summary>
internal sealed record OutputItems(IReadOnlyList<ImageOutput> Images, string? Text, Uri? TextUrl)
{
    public static OutputItems Read(IEnumerable<JsonElement> items)
    {
        var images = new List<ImageOutput>(1);
        StringBuilder? text = null;
        Uri? textUrl = null;
        foreach (JsonElement item in items)
        {
            switch (item.Get("type").AsText())
            {
                case "image" when item.Get("url").AsHttpAddress() is { } url:
                    images.Add(ReadImage(item, url));
                    break;
                case "text" when item.Get("text").AsText() is { } part:
                    text = text is null ? new StringBuilder(part) : text.Append('\n').Append(part);
                    break;
                case "text":
                    textUrl ??= item.Get("url").AsHttpAddress();
                    break;
            }
        }
        return new OutputItems(images, text?.ToString(), textUrl);
    }

    private static ImageOutput ReadImage(JsonElement item, Uri url) => new()
    {
        Url = url,
        Id = item.Get("id").AsText() ?? item.Get("img_id").AsText(),
        ContentType = item.Get("content_type").AsText(),
        FileName = item.Get("file_name").AsText(),
        FileSize = item.Get("file_size").AsInteger(),
        Width = ReadPixels(item.Get("width")),
        Height = ReadPixels(item.Get("height")),
    };

    private static int? ReadPixels(JsonElement value) => value.AsInteger() is { } pixels and > 0 and <= int.MaxValue ? (int)pixels : null;
}
