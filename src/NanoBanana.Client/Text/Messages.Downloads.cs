namespace NanoBanana.Client.Text;

/// <content>Downloads of images. The phrases complete "The image could not be downloaded: ".</content>
internal static partial class Messages
{
    public const string AddressNotHttp = "its address is not an http or https address";

    public const string RedirectedToOtherScheme = "it was redirected to an address that is not an http or https address";

    public const string RedirectedToHttp =
        "it was redirected from https to http, which is not encrypted, so others on the network could replace the image";

    public const string RestMissing = "The server no longer has the rest of the image.";

    public const string OtherRange = "The server did not send the requested part of the image.";

    /// <summary>The location of a host, for <see cref="AddressNotAllowed"/>.</summary>
    public const string OnThisMachine = "on this machine", InPrivateNetwork = "in a private network",
        InReservedNetwork = "in a reserved network";

    public static string AddressNotAllowed(string location) =>
        $"its address refers to a host {location}, which is not expected from a public API. "
        + "If you trust the API and the address is correct, connect with -AllowPrivateDownload";

    public static string TooManyRedirects(int most) => $"it was redirected more than {most} times";

    public static string ImageIncomplete(long length, long whole) =>
        FormattableString.Invariant($"The image ended after {length} of {whole} bytes.");

    public static string ImageWithoutEnd(long length) =>
        FormattableString.Invariant($"The image ended after {length} bytes, without the end mark of its format.");
}
