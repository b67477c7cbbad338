namespace NanoBanana.Client.Text;

/// <content>Requests that are not valid.</content>
internal static partial class Messages
{
    public const string BatchNameBlank = "The name of the batch is blank. "
        + "Use a name that stays the same when the script runs again, for example 'catalog-2026', or omit -Batch.";

    public static string PromptEmpty(int maximum) => $"The prompt is empty. Describe the image in 1 to {maximum} characters.";

    public static string PromptTooLong(int length, int maximum) =>
        $"The prompt has {length} characters. The maximum is {maximum} (Unicode code points). Shorten it by {length - maximum}.";

    public static string PromptHasHalfPair(int position) =>
        $"The prompt has half of a surrogate pair at position {position}, which is not a valid character. "
        + "Check that its file was read with the correct encoding.";

    public static string ModelInvalid(string model, string example) =>
        $"'{model}' is not a model id. A model id is one word, for example '{example}'.";

    public static string TooManyImages(int count, int maximum) =>
        $"The request has {count} images. The model accepts at most {maximum}. Remove {count - maximum}.";

    /// <param name="note">The note that is stored instead of the image.</param>
    public static string ImageNotStored(string note) =>
        $"The input image is not stored with its request. There is only this note: {note}. "
        + "Omit the property ImageUrl, and specify the file again with -ImagePath.";

    public static string ImageAddressInvalid(string address) =>
        $"'{address}' is not an image address. Use an absolute address that starts with https:// or http://. "
        + "For a file on this machine, use -ImagePath.";

    /// <param name="value">The user's value.</param>
    /// <param name="what">The name of the parameter in a sentence, such as <c>aspect ratio</c>.</param>
    /// <param name="allowed">The allowed values.</param>
    public static string ValueNotAllowed(string value, string what, IEnumerable<string> allowed) =>
        $"'{value}' is not a valid {what}. Allowed: {string.Join(", ", allowed)}.";

    public static string TaskIdInvalid(string id) =>
        $"'{id}' is not a task id. A task id is one word, for example 'd758n65e878c73cmdg20'. "
        + "The output of New-NanoBananaImage and your provider account contain it.";

    public static string TaskIdUnusable(string id) =>
        $"The service accepted the request, but its task id '{id}' can't be used in an address. "
        + "The task is paid for. Find its image in your provider account.";
}
