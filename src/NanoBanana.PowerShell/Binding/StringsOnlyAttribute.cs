using System.Collections;

namespace NanoBanana.Binding;

/// <summary>
/// Takes only strings. PowerShell converts any object to a string parameter, and a prompt that was converted by mistake costs money.
/// </summary>
/// <param name="subject">The subject of the error message, such as "A prompt".</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StringsOnlyAttribute(string subject) : TextListAttribute
{
    /// <summary>The subject of the error message.</summary>
    public string Subject => subject;

    /// <summary>
    /// Whether a refused pipeline object can bind in another way, as a task or by a property. The binder continues only if the cause is a
    /// failed cast.
    /// </summary>
    public bool AllowsOtherBinding { get; set; }

    /// <summary>Whether a date is converted to the text that it was in a JSON file.</summary>
    public bool AcceptsDates { get; set; }

    /// <inheritdoc/>
    protected override string TextOf(object item) => OriginalText.Unwrap(item) switch
    {
        string text => text,
        DateTime or DateTimeOffset when AcceptsDates => OriginalText.Of(OriginalText.Unwrap(item)!, Subject)!,
        var value => throw Refuse(value!),
    };

    private ArgumentTransformationMetadataException Refuse(object value)
    {
        string message = Messages.NotAString(Subject, Messages.KindOf(value));
        return AllowsOtherBinding ? new(message, new PSInvalidCastException(message)) : new(message);
    }
}

/// <summary>Takes one value or a list of values as text.</summary>
internal abstract class TextListAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public sealed override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => OriginalText.Unwrap(inputData) switch
    {
        null => inputData,
        DBNull => new[] { "" },
        IEnumerable items and not (string or IDictionary) =>
            items.Cast<object?>().Select(item => item is null ? null : TextOf(item)).ToArray(),
        _ => new[] { TextOf(inputData) },
    };

    /// <summary>The text of one value, which PowerShell can have wrapped.</summary>
    protected abstract string TextOf(object item);
}
