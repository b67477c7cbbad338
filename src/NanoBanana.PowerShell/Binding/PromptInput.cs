namespace NanoBanana.Binding;

/// <summary>One prompt as it came, and the user's object that it came from.</summary>
/// <param name="Text">The prompt.</param>
/// <param name="Source">The object to name in an error, so that it can be piped again.</param>
/// <param name="IsPipedString">Whether it is a line of text from the pipeline, where a blank one is skipped.</param>
internal readonly record struct PromptInput(string? Text, object Source, bool IsPipedString);
