using System.Collections;
using System.Globalization;
using System.Net;
using System.Security;
using NanoBanana.Client.Http;

namespace NanoBanana.Binding;

/// <summary>Reads the hashtable of <c>-Header</c>. Values can be secrets, so messages contain only names.</summary>
internal static class HeaderReader
{
    /// <exception cref="NanoBananaException"><see cref="NanoBananaErrorKind.InvalidRequest"/>: a header can't be sent.</exception>
    public static GatewayHeaders Read(IDictionary? header)
    {
        if (header is null || header.Count == 0)
            return GatewayHeaders.None;
        return new GatewayHeaders(header.Cast<DictionaryEntry>().Select(entry =>
        {
            string name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            return new KeyValuePair<string, string>(name, ValueOf(name, OriginalText.Unwrap(entry.Value)));
        }));
    }

    private static string ValueOf(string name, object? value) => value switch
    {
        string text => text,
        SecureString secure => new NetworkCredential("", secure).Password,
        IConvertible number and not DBNull => number.ToString(CultureInfo.InvariantCulture),
        Guid or Uri => value.ToString()!,
        _ => throw new NanoBananaException(NanoBananaErrorKind.InvalidRequest, Messages.HeaderValue(name, value?.GetType())),
    };
}
