using System.Collections;

namespace NanoBanana.Binding;

/// <summary>
/// Takes real strings and nothing else. PowerShell turns any object into text where a string is wanted; a prompt or an
/// id made that way is a mistake, and a prompt is a mistake that costs money.
/// </summary>
/// <param name="what">What the strings are, for the error message.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StringsOnlyAttribute(string what) : TextListAttribute
{
    /// <summary>What the strings are.</summary>
    public string What => what;

    /// <summary>
    /// Whether a pipeline object that is refused may bind in another way, as a task or by a property. The binder goes on
    /// only where the cause of a refusal is a failed cast.
    /// </summary>
    public bool LetsOthersTry { get; set; }

    /// <summary>Whether a date is taken as the text that it was in a JSON file.</summary>
    public bool AcceptsDates { get; set; }

    /// <inheritdoc/>
    protected override string TextOf(object item) => WrittenText.Unwrap(item) switch
    {
        string text => text,
        DateTime or DateTimeOffset when AcceptsDates => WrittenText.Of(WrittenText.Unwrap(item)!, What)!,
        var value => throw Refuse(value!),
    };

    private ArgumentTransformationMetadataException Refuse(object value)
    {
        string message = $"{What} is text, and this is {PromptReader.Kind(value)}. Only a real string is taken; for an object pipe it, or name its property.";
        return LetsOthersTry ? new(message, new PSInvalidCastException(message)) : new(message);
    }
}

/// <summary>Takes one value or a list of them as texts.</summary>
internal abstract class TextListAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public sealed override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => WrittenText.Unwrap(inputData) switch
    {
        null => inputData,
        DBNull => new[] { "" },
        IEnumerable items and not (string or IDictionary) => items.Cast<object?>().Select(item => item is null ? null : TextOf(item)).ToArray(),
        _ => new[] { TextOf(inputData) },
    };

    /// <summary>The text of one value, which PowerShell may have wrapped.</summary>
    protected abstract string TextOf(object item);
}
