using System.Net;
using System.Security;

namespace NanoBanana.Binding;

/// <summary>
/// Makes a SecureString of whatever stands for a key: a string, a credential, an object with a property ApiKey. Of anything else
/// it makes an empty one, which the command refuses: PowerShell's own binding error would quote the value, and so the key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecureStringTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] EndpointNames = ["Endpoint", "BaseUri", "Uri"];

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null)
            return null;
        if ((Secure(inputData) ?? Secure(Property(inputData, "ApiKey"))) is { } key)
            return key;
        // From the pipeline an object may give the endpoint alone.
        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(inputData).Properties;
        return Property(inputData, "ApiKey") is null && EndpointNames.Any(name => properties[name] is not null) ? null : new SecureString();
    }

    private static SecureString? Secure(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
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
            // A property that throws is no key.
            return null;
        }
    }
}
