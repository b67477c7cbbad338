using System.Collections.Concurrent;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <summary>Finds the entries of a service under all of its host names (decision 0021).</summary>
internal static class EndpointNames
{
    /// <summary>
    /// True in SQL for an entry of the service. The parameter is one text with all names, because SQLite would create a temporary table
    /// for an <c>IN</c>. Addresses contain no spaces.
    /// </summary>
    public const string AtService = $"{JournalSql.Position}(@endpoints, ' ' || endpoint || ' ') > 0";

    private static readonly ConcurrentDictionary<Uri, string> Known = new();

    /// <summary>The parameter of <see cref="AtService"/>. Without an endpoint, it matches no row.</summary>
    public static (string Name, object? Value) Of(Uri? endpoint) => ("@endpoints", endpoint is null ? "" : Known.GetOrAdd(endpoint, List));

    private static string List(Uri endpoint) => $" {string.Join(" ", KnownEndpoints.NamesOf(endpoint).Select(name => name.AbsoluteUri))} ";
}
