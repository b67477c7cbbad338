using System.Net;
using System.Security;

namespace NanoBanana.Binding;

/// <summary>
/// Converts a string, a credential, or an object with the property ApiKey to a SecureString. Any other value becomes an empty SecureString,
/// which the command refuses: PowerShell's own binding error would contain the value, and therefore the key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecureStringTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] EndpointNames = ["Endpoint", "BaseUri", "Uri"];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null)
            return null;
        if ((ToSecureString(inputData) ?? ToSecureString(Property(inputData, "ApiKey"))) is { } key)
            return key;
        // A pipeline object can contain only the endpoint.
        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(inputData).Properties;
        return Property(inputData, "ApiKey") is null && EndpointNames.Any(name => properties[name] is not null) ? null : new SecureString();
    }

    private static SecureString? ToSecureString(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        SecureString secure => secure,
        PSCredential credential => credential.Password,
        string text => new NetworkCredential("", text).SecurePassword,
        _ => null,
    };

    private static object? Property(object value, string name)
    {
        if ((value is PSObject wrapped ? wrapped.BaseObject : value) is System.Collections.IDictionary table)
            return table.Contains(name) ? table[name] : null;
        try
        {
            return PSObject.AsPSObject(value).Properties[name]?.Value;
        }
        catch (RuntimeException)
        {
            // A property that throws contains no key.
            return null;
        }
    }
}
