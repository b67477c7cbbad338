namespace NanoBanana.Binding;

/// <summary>One prompt as it came, and the user's object that it came from.</summary>
/// <param name="Source">The object to name in an error, so that it can be piped again.</param>
/// <param name="Text">The prompt, unless it is in a file.</param>
/// <param name="File">The full path of the text file that the prompt is in, not read yet.</param>
/// <param name="IsPipedString">Whether it is a line of text from the pipeline, where a blank one is skipped.</param>
internal readonly record struct PromptInput(object? Source, string? Text, string? File = null, bool IsPipedString = false)
{
    public static PromptInput OfFile(string path) => new(path, null, path);
}
