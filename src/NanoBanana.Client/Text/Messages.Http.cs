namespace NanoBanana.Client.Text;

/// <content>The endpoint, the key, the proxy and the headers of a connection.</content>
internal static partial class Messages
{
    public const string ApiKeyEmpty = $"The API key is empty. {SpecifyKey}";

    public const string ApiKeyInvalid = "The API key contains spaces or characters that are not ASCII, so it is not valid. "
        + "Copy it again from the provider's key page.";

    public const string ProxyCredentialsInAddress =
        "The address of the proxy contains a user name, and credentials are also specified separately. Specify only one of them.";

    public const string ProxyCredentialConflict =
        "-ProxyCredential and -ProxyUseDefaultCredentials can't be used together. Specify only one of them.";

    public static string EndpointInvalid(string endpoint, Uri example) =>
        $"The endpoint '{endpoint}' is not an absolute http or https address. Specify an address, for example {example}.";

    public static string EndpointNamesModel(string endpoint, string model, Uri meant) =>
        $"The endpoint {endpoint} contains the model '{model}'. Connect to {meant}, and specify the model with New-NanoBananaImage -Model.";

    public static string EndpointPathNotServed(string endpoint, Uri meant) =>
        $"The API is not served at the path of the endpoint {endpoint}. Did you mean {meant}? "
        + "The module adds the path /model/v1/ to the endpoint.";

    public static string EndpointPathNotServedByGateway(string endpoint, Uri meant) =>
        EndpointPathNotServed(endpoint, meant) + " If this path is the prefix of your gateway, add /model to it.";

    /// <summary>The endpoint is not repeated, because these parts may contain a secret.</summary>
    public static string EndpointHasExtraParts(Uri meant) =>
        $"The endpoint contains a user name, a query or a fragment. Did you mean {meant}?";

    public static string ProtocolMismatch(ApiProtocol ofPath, ApiProtocol requested, Uri endpoint) =>
        $"The path of the endpoint belongs to the protocol {ofPath}, but -Protocol is {requested}. "
        + $"Omit -Protocol, or connect to {endpoint} with -Protocol {requested}.";

    public static string EndpointNotEncrypted(Uri endpoint) =>
        $"The endpoint {endpoint} is not encrypted, so others on the network can read the API key. "
        + "Use https. If you trust the network, use -AllowUnencryptedAuthentication.";

    public static string EndpointNotEncryptedToProxy(Uri endpoint) =>
        $"The endpoint {endpoint} is not encrypted and the proxy is on another machine, so others on the network can read the API key. "
        + "Omit -Proxy. If you trust the network, use -AllowUnencryptedAuthentication.";

    public static string ProxyInvalid(IReadOnlyList<string> schemes) =>
        $"The address of the proxy can't be used. It must start with {Or([.. schemes.Select(scheme => scheme + "://")])} "
        + "and contain a host and a port, for example http://proxy.example:8080.";

    public static string HeaderTwice(string name) =>
        $"The header '{name}' is specified twice. Header names are not case-sensitive. Remove one of them.";

    public static string HeaderNameInvalid(string name) =>
        $"'{name}' is not a valid header name. A name consists of letters, digits and hyphens, for example X-Team.";

    public static string HeaderReserved(string name) =>
        $"The module sets the header '{name}', so you can't specify it. "
        + "Use -ApiKey for a key, and -ProxyCredential for the credentials of a proxy.";

    public static string HeaderWithoutValue(string name) => $"The header '{name}' has no value. Specify a value, or remove the header.";

    public static string HeaderValueInvalid(string name) =>
        $"The value of the header '{name}' contains a line break or another character that is not allowed. "
        + "Use visible ASCII characters and spaces.";

    public static string ProtocolUnknown(ApiProtocol protocol) => $"The protocol '{protocol}' is not supported.";
}
