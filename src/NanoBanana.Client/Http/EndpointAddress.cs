using System.Text.RegularExpressions;

namespace NanoBanana.Client.Http;

/// <summary>
/// An address as people paste it: with the path of the documentation or of a request, without a scheme. All of them lead to
/// the same base address, below which the dialects put <c>/model/v1/...</c> once (decision 0021).
/// </summary>
/// <param name="Base">The base address, with a slash at its end; the address as given where it can't be one.</param>
/// <param name="Protocol">The protocol that the path names; null when it names none.</param>
/// <param name="Problem">Why the address can't be right, with the one that was probably meant; null when it can.</param>
internal sealed record EndpointAddress(Uri Base, ApiProtocol? Protocol = null, string? Problem = null)
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    /// <summary>A host with a dot, or this machine, with an optional port and path: what a person types without a scheme.</summary>
    private static readonly Regex WithoutScheme = new(
        @"^(https?:/*|//)*(?<address>(?<host>localhost|[a-z0-9-]+(\.[a-z0-9-]+)+)(:[0-9]{1,5})?(/[^\\\s]*)?)$", Options);

    /// <summary>The end of a path that belongs to the API itself: a part of the path of one of its requests.</summary>
    private static readonly Regex ApiPath = new(
        @"^(?<prefix>(/[^/]+)*?)/model(/v1(/(?<queue>queue)(/(?<model>[^/]+)(/requests(/[^/]+(/(status|response|cancel))?)?)?)?"
        + @"|/(?<generation>generation)(/task(/[^/]+)?)?)?)?$", Options);

    /// <summary>The same path without its beginning: on a host of the provider it is clear what was meant.</summary>
    private static readonly Regex ShortPath = new(@"^(/v1)?(?<rest>/(queue|generation)(/.*)?)$", Options);

    /// <summary>The end of a path of another API, or of this one misspelled: no prefix of a gateway ends like that.</summary>
    private static readonly Regex Suspect = new(
        @"^(?<prefix>(/[^/]+)*?)(?=/)(/models?)?(/v[0-9]+(alpha|beta)?)?(/((?<queue>queue)|generations?|models|docs|chat/completions|images/[a-z]+)(/.*)?)?$", Options);

    private static readonly Regex Slashes = new("/{2,}", Options);

    /// <summary>Reads an address. Nothing is refused here: <see cref="Problem"/> says what is wrong with it.</summary>
    public static EndpointAddress Read(Uri given)
    {
        Uri address = WithScheme(given);
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
            return new EndpointAddress(address);
        if (address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0)
            return new EndpointAddress(address, Problem: WithoutExtras(address));
        string path = Slashes.Replace(address.AbsolutePath, "/").TrimEnd('/');
        if (KnownEndpoints.IsKnown(address) && ShortPath.Match(path) is { Success: true } shortened)
            path = "/model/v1" + shortened.Groups["rest"].Value;
        Match api = ApiPath.Match(path);
        if (!api.Success)
            return new EndpointAddress(At(address, path), Problem: Judge(address, path));
        ApiProtocol? protocol = api.Groups["queue"].Success ? ApiProtocol.Queue : api.Groups["generation"].Success ? ApiProtocol.Generation : null;
        string prefix = api.Groups["prefix"].Value;
        string? problem = null;
        if (api.Groups["model"] is { Success: true } model && model.Value != ImageModel.DefaultId)
            problem = $"The endpoint {TextSafety.Excerpt(address.AbsoluteUri)} names the model '{TextSafety.Excerpt(model.Value)}'. Connect to {At(address, prefix)} and name the model with New-NanoBananaImage -Model.";
        else if (prefix.Length > 0 && KnownEndpoints.IsKnown(address))
            problem = NotServed(address, At(address, ""));
        return new EndpointAddress(At(address, prefix), protocol, problem);
    }

    private static string? Judge(Uri address, string path)
    {
        if (path.Length == 0)
            return null;
        if (KnownEndpoints.IsKnown(address))
            return NotServed(address, At(address, ""));
        if (!(Suspect.Match(path) is { Success: true } suspect))
            return null;
        Uri meant = At(address, suspect.Groups["prefix"].Value + (suspect.Groups["queue"].Success ? "/model/v1/queue" : ""));
        return NotServed(address, meant) + " If a gateway of yours has a prefix that ends like this, add /model to it.";
    }

    private static string NotServed(Uri address, Uri meant) =>
        $"The endpoint {TextSafety.Excerpt(address.AbsoluteUri)} has a path under which the API is not served. Did you mean {meant}? The requests add /model/v1/ themselves.";

    /// <summary>These parts may hold a secret, so they are not repeated.</summary>
    private static string WithoutExtras(Uri address)
    {
        EndpointAddress plain = Read(new UriBuilder(address) { UserName = "", Password = "", Query = "", Fragment = "" }.Uri);
        return plain.Problem ?? $"The endpoint has a user name, a query or a fragment. Did you mean {plain.Base}?";
    }

    /// <summary>As https, or for this machine as http: that is where an emulator or a tunnel listens.</summary>
    private static Uri WithScheme(Uri given)
    {
        string text = given.OriginalString.Trim();
        if ((given.IsAbsoluteUri && given.Scheme is "https" or "http" && given.Host is not ("" or "http" or "https")) || !(WithoutScheme.Match(text) is { Success: true } match))
            return given;
        string host = match.Groups["host"].Value;
        bool isHere = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.StartsWith("127.", StringComparison.Ordinal);
        return Uri.TryCreate((isHere ? "http://" : "https://") + match.Groups["address"].Value, UriKind.Absolute, out Uri? address) ? address : given;
    }

    private static Uri At(Uri address, string path) => new(address.GetLeftPart(UriPartial.Authority) + path + "/");
}
