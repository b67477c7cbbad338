using System.Collections;
using System.Management.Automation;

namespace NanoBanana.Binding;

/// <summary>
/// Finds the prompts in what was given. By value only a real string is one; any other object must carry a Prompt, or be
/// a text file.
/// </summary>
internal static class PromptReader
{
    /// <summary>The prompts of one pipeline object.</summary>
    /// <param name="input">The object.</param>
    /// <param name="bound">What PowerShell bound to <c>-Prompt</c> from the object's property; null if it has none.</param>
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: there is no prompt in it.</exception>
    public static IEnumerable<PromptInput> Read(PSObject input, string[]? bound)
    {
        if (input.BaseObject is string text)
            return [new PromptInput(input, text, IsPipedString: true)];
        // One object buys one image: a list in a row of someone else's file must not choose how many are bought.
        if (bound is { Length: not 1 })
            throw Refuse($"The object has {bound.Length} prompts under Prompt, and an object buys one image. Nothing was sent for it. Give Prompt one string, or pipe the prompts themselves, such as $_.Prompt | New-NanoBananaImage.");
        if (bound is not null)
            return [new PromptInput(input, bound[0])];
        // A null is not bound, but its property is there: the prompt is empty, not missing.
        if (input.Properties["Prompt"] is { Value: null })
            return [new PromptInput(input, "")];
        return input.BaseObject switch
        {
            FileInfo when input.Properties["Task"]?.Value is not null => throw Refuse("This is a picture that was saved, not a prompt. To make it again pipe its task: ForEach-Object Task | New-NanoBananaImage. To change it send it along with -ImagePath."),
            FileInfo file => [new PromptInput(input, null, file.FullName)],
            DirectoryInfo => throw Refuse("This is a folder, not a prompt. Pipe its files, such as Get-ChildItem prompts/*.txt."),
            not IDictionary when input.Properties["Prompt"] is not null => throw Refuse("-InputObject takes strings and text files as arguments. Pipe an object, so that its properties bind by name: $value | New-NanoBananaImage."),
            IDictionary => throw Refuse("A hashtable is not taken as a prompt. Write [pscustomobject]@{ Prompt = '…' } for an object whose properties bind by name."),
            _ => throw Refuse($"The input has no Prompt property. Its properties: {Describe.PropertyNames(input)}. Name one of them Prompt, or pipe strings."),
        };
    }

    private static NanoBananaException Refuse(string message) => new(NanoBananaErrorKind.InvalidRequest, message);
}
