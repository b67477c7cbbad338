using System.Collections;
using System.Management.Automation;

namespace NanoBanana.Binding;

/// <summary>
/// Takes real strings and nothing else. PowerShell turns any object into text where a string is wanted; a prompt or an
/// id made that way is a mistake, and a prompt is a mistake that costs money.
/// </summary>
/// <param name="what">What the strings are, for the error message.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StringsOnlyAttribute(string what) : ArgumentTransformationAttribute
{
    /// <summary>What the strings are.</summary>
    public string What => what;

    /// <summary>
    /// Whether a refused pipeline object is left to other parameters: an object that is no id may carry one. Off where
    /// going on without the value would be worse than an error.
    /// </summary>
    public bool LeavesToOthers { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = Unwrap(inputData);
        switch (value)
        {
            case null:
                return inputData;
            case string text:
                return new[] { text };
            case IEnumerable items and not IDictionary:
                return items.Cast<object?>().Select(item => item is null ? null : Unwrap(item) as string ?? throw Refuse(Unwrap(item))).ToArray();
            default:
                throw Refuse(value);
        }
    }

    private ArgumentTransformationMetadataException Refuse(object value)
    {
        string message = $"{What} is text, and this is {Describe.Kind(value)}. Only a real string is taken; for an object pipe it, or name its property.";
        // The binder tries its next parameter only for a failed cast; any other refusal ends the binding of the object.
        return new(message, LeavesToOthers ? new PSInvalidCastException(message) : null);
    }

    private static object Unwrap(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
