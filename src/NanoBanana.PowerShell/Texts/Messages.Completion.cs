namespace NanoBanana.Texts;

/// <content>Tooltips and labels of completion.</content>
internal static partial class Messages
{
    public const string JustNow = "just now";

    public static string MinutesAgo(int minutes) => $"{minutes} min ago";

    public static string HoursAgo(int hours) => $"{hours} h ago";

    public static string DaysAgo(int days) => $"{days} d ago";

    public static string BatchTip(long tasks, DateTimeOffset started) => FormattableString.Invariant(
        $"{tasks} {(tasks == 1 ? "task" : "tasks")}; started {started.ToLocalTime():yyyy-MM-dd HH:mm}");

    public static string EndpointTip(ApiProtocol protocol, bool isDefaultOfProtocol)
    {
        string what = protocol == ApiProtocol.Queue
            ? "tasks can be canceled, and answers contain the size of the images"
            : "answers contain the number of tokens";
        string isDefault = !isDefaultOfProtocol ? ""
            : protocol == default ? "; the default" : $"; the default of -Protocol {protocol}";
        return $"The endpoint of the provider for the protocol {protocol}: {what}{isDefault}";
    }

    public static string EmulatorTip(long tasks) => $"An emulator of this process with {tasks} {(tasks == 1 ? "task" : "tasks")}";

    public static string RatioTip(double ratio, string size, string resolution) => $"{Shape(ratio)}, {size} pixels at {resolution}";

    public static string ResolutionTip(string size, string ratio, long tokens, bool isDefault) =>
        $"{size} pixels at {ratio}, {tokens} output tokens{(isDefault ? ", the default" : "")}";

    public static string ModalityTip(string modality) => modality switch
    {
        "Image" => "The image",
        "Text" => "The model's text about it, in the property Text of the task",
        _ => modality,
    };

    public static string DefaultModelTip =>
        $"Nano Banana 2: prompts of up to {ImageModel.MaximumPromptLength} characters, up to {ImageModel.MaximumImageUrls} input images, "
        + $"{ImageModel.Resolutions[0]} to {ImageModel.Resolutions[ImageModel.Resolutions.Count - 1]}";

    public static string TemplateTip(string template) => template switch
    {
        "{name}-{id}" => "fox-d758n65e878c73cmdg20: the default; all names are different",
        "{index:000}-{name}" => "007-fox: in the order of the prompts",
        "{name}" => "fox: the name of the image, or the first words of its prompt",
        "{id}" => "d758n65e878c73cmdg20: only the id of the task",
        "{date}/{name}-{id}" => "2026-01-31/fox-d758n65e878c73cmdg20: a folder for each day",
        "{name}{next}" => "fox, fox-2, fox-3: the next free name",
        "{source}-{id}" => "photo-d758n65e878c73cmdg20: an edited image, named after its input image",
        "{name}-{aspect}-{resolution}" => "fox-16x9-2K: for the same prompt in several shapes",
        _ => template,
    };

    public static string FieldTip(string field) => field switch
    {
        "name" => "The name of the image, or the first words of its prompt",
        "source" => "The name of the input image, for edited images",
        "variation" => "The variation of the input: 1, 2, or 16x9-2",
        "next" => "Nothing, or -2, -3 and so on if the name is taken",
        "index" => "The position of the prompt in the input, from 0; {index:000} has three digits",
        "id" => "The id of the task, which is different for all images",
        "prompt" => "The first words of the prompt",
        "batch" => "The name of the batch",
        "image" => "The number of the image in its task, from 1",
        "aspect" => "The requested aspect ratio, for example 16x9",
        "resolution" => "The requested resolution, for example 2K",
        "date" => "The day of the request; other formats of dates also work, for example {date:HHmm}",
        _ => field,
    };

    public static string StatusTip(ImageTaskStatus status) => status switch
    {
        ImageTaskStatus.Submitting => "Being sent",
        ImageTaskStatus.Unknown => "Sent, and the outcome is unknown: it may be paid for",
        ImageTaskStatus.Pending => "Accepted, not started yet",
        ImageTaskStatus.Running => "Being generated",
        ImageTaskStatus.Completed => "Its images can be saved",
        ImageTaskStatus.Failed => "Ended without an image, with the reason in Error",
        ImageTaskStatus.Canceled => "Canceled before it completed",
        _ => status.ToString(),
    };

    private static string Shape(double ratio) => ratio switch
    {
        >= 3 => "Long strip",
        >= 2 => "Wide screen",
        > 1 => "Landscape",
        1 => "Square",
        > 0.3 => "Portrait",
        _ => "Tall strip",
    };
}
