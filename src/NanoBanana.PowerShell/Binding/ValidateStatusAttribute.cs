using System.Management.Automation;
using NanoBanana.Client;

namespace NanoBanana.Binding;

/// <summary>
/// Takes the names of statuses. The parameter is text because PowerShell completes an enumeration by itself, in the order
/// of the alphabet and without a word of what its values mean.
/// </summary>
internal sealed class ValidateStatusAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        if (!LanguagePrimitives.TryConvertTo(element, out ImageTaskStatus _))
            throw new ValidationMetadataException($"'{TextSafety.Excerpt($"{element}")}' is not a status. Statuses: {string.Join(", ", Enum.GetNames(typeof(ImageTaskStatus)))}.");
    }
}
