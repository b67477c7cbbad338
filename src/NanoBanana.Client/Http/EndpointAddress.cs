using System.Text.RegularExpressions;
using NanoBanana.Client.Text;

namespace NanoBanana.Client.Http;

/// <summary>
/// Reads an address in the forms that users paste: with the path of the documentation or of a request, or without a scheme. All of them
/// lead to the same base address. The dialects add <c>/model/v1/...</c> to it (decision 0021).
/// </summary>
/// <param name="Base">The base address, with a slash at its end; the unchanged address if it is not valid.</param>
/// <param name="Protocol">The protocol of the path; null for a path without a protocol.</param>
/// <param name="Problem">The error of the address, with a suggestion; null if the address is valid.</param>
internal sealed record EndpointAddress(Uri Base, ApiProtocol? Protocol = null, string? Problem = null)
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    /// <summary>An address without a scheme: a host with a dot, or this machine, with an optional port and path.</summary>
    private static readonly Regex WithoutScheme = new(
        @"^(https?:/*|//)*(?<address>(?<host>localhost|[a-z0-9-]+(\.[a-z0-9-]+)+)(:[0-9]{1,5})?(/[^\\\s]*)?)$", Options);

    /// <summary>The end of a path that belongs to the API: a part of the path of a request.</summary>
    private static readonly Regex ApiPath = new(
        @"^(?<prefix>(/[^/]+)*?)/model(/v1(/(?<queue>queue)(/(?<model>[^/]+)(/requests(/[^/]+(/(status|response|cancel))?)?)?)?"
        + @"|/(?<generation>generation)(/task(/[^/]+)?)?)?)?$", Options);

    /// <summary>The same path without its start, for a host of the provider.</summary>
    private static readonly Regex ShortPath = new(@"^(/v1)?(?<rest>/(queue|generation)(/.*)?)$", Options);

    /// <summary>The end of a path of another API, or of this API with a spelling error. No prefix of a gateway ends like that.</summary>
    private static readonly Regex LikelyMistake = new(
        @"^(?<prefix>(/[^/]+)*?)(?=/)(/models?)?(/v[0-9]+(alpha|beta)?)?"
        + @"(/((?<queue>queue)|generations?|models|docs|chat/completions|images/[a-z]+)(/.*)?)?$", Options);

    private static readonly Regex Slashes = new("/{2,}", Options);

    /// <summary>Reads an address. An error is returned in <see cref="Problem"/>.</summary>
    public static EndpointAddress Read(Uri given)
    {
        Uri address = WithScheme(given);
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
            return new EndpointAddress(address);
        if (address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0)
            return new EndpointAddress(address, Problem: ExtraPartsProblem(address));
        string path = Slashes.Replace(address.AbsolutePath, "/").TrimEnd('/');
        if (KnownEndpoints.IsKnown(address) && ShortPath.Match(path) is { Success: true } shortened)
            path = "/model/v1" + shortened.Groups["rest"].Value;
        Match api = ApiPath.Match(path);
        if (!api.Success)
            return new EndpointAddress(At(address, path), Problem: ProblemOf(address, path));
        ApiProtocol? protocol = api.Groups["queue"].Success
            ? ApiProtocol.Queue
            : api.Groups["generation"].Success ? ApiProtocol.Generation : null;
        string prefix = api.Groups["prefix"].Value;
        string? problem = null;
        if (api.Groups["model"] is { Success: true } model && model.Value != ImageModel.DefaultId)
            problem = Messages.EndpointNamesModel(TextSafety.Excerpt(address.AbsoluteUri), TextSafety.Excerpt(model.Value),
                At(address, prefix));
        else if (prefix.Length > 0 && KnownEndpoints.IsKnown(address))
            problem = Messages.EndpointPathNotServed(TextSafety.Excerpt(address.AbsoluteUri), At(address, ""));
        return new EndpointAddress(At(address, prefix), protocol, problem);
    }

    private static string? ProblemOf(Uri address, string path)
    {
        if (path.Length == 0)
            return null;
        if (KnownEndpoints.IsKnown(address))
            return Messages.EndpointPathNotServed(TextSafety.Excerpt(address.AbsoluteUri), At(address, ""));
        if (!(LikelyMistake.Match(path) is { Success: true } mistake))
            return null;
        Uri meant = At(address, mistake.Groups["prefix"].Value + (mistake.Groups["queue"].Success ? "/model/v1/queue" : ""));
        return Messages.EndpointPathNotServedByGateway(TextSafety.Excerpt(address.AbsoluteUri), meant);
    }

    /// <summary>
    /// The error of an address with a user name, a query or a fragment. These parts may contain a secret, so they are not repeated.
    /// </summary>
    private static string ExtraPartsProblem(Uri address)
    {
        EndpointAddress plain = Read(new UriBuilder(address) { UserName = "", Password = "", Query = "", Fragment = "" }.Uri);
        return plain.Problem ?? Messages.EndpointHasExtraParts(plain.Base);
    }

    /// <summary>Adds https, or http for this machine, where an emulator or a tunnel listens.</summary>
    private static Uri WithScheme(Uri given)
    {
        string text = given.OriginalString.Trim();
        bool hasScheme = given.IsAbsoluteUri && given.Scheme is "https" or "http" && given.Host is not ("" or "http" or "https");
        if (hasScheme || !(WithoutScheme.Match(text) is { Success: true } match))
            return given;
        string host = match.Groups["host"].Value;
        bool isLoopback = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.StartsWith("127.", StringComparison.Ordinal);
        return Uri.TryCreate((isLoopback ? "http://" : "https://") + match.Groups["address"].Value, UriKind.Absolute, out Uri? address)
            ? address
            : given;
    }

    private static Uri At(Uri address, string path) => new(address.GetLeftPart(UriPartial.Authority) + path + "/");
}
