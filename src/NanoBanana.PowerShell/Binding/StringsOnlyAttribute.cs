using System.Collections;

namespace NanoBanana.Binding;

/// <summary>
/// Takes real strings and nothing else. PowerShell turns any object into text where a string is wanted; a prompt or an
/// id made that way is a mistake, and a prompt is a mistake that costs money.
/// </summary>
/// <param name="what">What the strings are, for the error message.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StringsOnlyAttribute(string what) : ArgumentTransformationAttribute
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

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = Unwrap(inputData);
        switch (value)
        {
            case null:
                return inputData;
            case DBNull:
                return new[] { "" };
            case IEnumerable items and not (IDictionary or string):
                return items.Cast<object?>().Select(item => item is null ? null : TextOf(Unwrap(item))).ToArray();
            default:
                return new[] { TextOf(value) };
        }
    }

    private string TextOf(object value) => value switch
    {
        string text => text,
        DateTime or DateTimeOffset when AcceptsDates => WrittenText.Of(value, What)!,
        _ => throw Refuse(value),
    };

    private ArgumentTransformationMetadataException Refuse(object value)
    {
        string message = $"{What} is text, and this is {PromptReader.Kind(value)}. Only a real string is taken; for an object pipe it, or name its property.";
        return LetsOthersTry ? new(message, new PSInvalidCastException(message)) : new(message);
    }

    private static object Unwrap(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
