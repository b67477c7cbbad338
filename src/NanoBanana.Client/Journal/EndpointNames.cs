using System.Collections.Concurrent;
using NanoBanana.Client.Http;
using NanoBanana.Client.Journal.Storage;

namespace NanoBanana.Client.Journal;

/// <summary>Finds the entries of a service, whichever of its names they were made under (decision 0021).</summary>
internal static class EndpointNames
{
    /// <summary>
    /// True for a row of the service. The list of its names is one text: for an <c>IN</c>, SQLite would create a temporary table each time.
    /// No address contains a space.
    /// </summary>
    public const string AtService = $"{JournalSql.Position}(@endpoints, ' ' || endpoint || ' ') > 0";

    private static readonly ConcurrentDictionary<Uri, string> Known = new();

    /// <summary>The parameter of <see cref="AtService"/>; nothing is at a null endpoint.</summary>
    public static (string Name, object? Value) Of(Uri? endpoint) => ("@endpoints", endpoint is null ? "" : Known.GetOrAdd(endpoint, List));

    private static string List(Uri endpoint) => $" {string.Join(" ", KnownEndpoints.NamesOf(endpoint).Select(name => name.AbsoluteUri))} ";
}
