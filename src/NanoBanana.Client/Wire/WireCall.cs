namespace NanoBanana.Client.Wire;

/// <summary>One request of a dialect: what is asked, without where or by whom.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path below the endpoint, beginning with a slash, escaped.</param>
/// <param name="Body">The JSON body as UTF-8; null when there is none.</param>
internal sealed record WireCall(HttpMethod Method, string Path, byte[]? Body = null);
