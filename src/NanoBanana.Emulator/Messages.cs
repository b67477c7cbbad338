namespace NanoBanana.Emulator;

/// <summary>
/// The messages of the emulator for people who use it or send requests to it. What the provider answers is in <c>Wire</c>.
/// </summary>
internal static class Messages
{
    public const string ApiKeyNotVisibleAscii = "ApiKey must not be empty, and must contain only visible ASCII characters and no spaces.";
    public const string PortsEqual = "Port and DownloadPort must be different, or 0.";
    public const string TimeScaleOutOfRange = "TimeScale must be from 0 to 1000000.";
    public const string FailureRateOutOfRange = "FailureRate must be from 0 to 1.";
    public const string FaultRateOutOfRange = "FaultRate must be from 0 to 1.";
    public const string FaultKindsUnknown = "FaultKinds contains a value that is not an EmulatorFaultKind.";
    public const string ResultShapeUnknown = "ResultShape is not an EmulatorResultShape.";
    public const string RefusedImageFormsUnknown = "RefusedImageForms contains a value that is not an EmulatorImageForm.";
    public const string MaxRequestBytesTooSmall = "MaxRequestBytes must be at least 1.";
    public const string OperationUnknown = "The value is not an EmulatorOperation.";
    public const string FaultKindUnknown = "The value is not an EmulatorFaultKind.";

    public const string StatusOutOfRange = "An HTTP status must be from 200 to 599.";
    public const string SecondsNegative = "The number of seconds can't be negative.";
    public const string BytesNegative = "The number of bytes can't be negative.";
    public const string LengthDifferenceZero = "The difference can't be 0.";
    public const string HugeBodyEmpty = "The number of bytes must be at least 1.";
    public const string DelayOutOfRange = "The delay must be from 0 to one day.";
    public const string RedirectNotAbsolute = "A redirect needs an absolute URL.";
    public const string RedirectStatusUnknown = "The status of a redirect must be 301, 302, 303, 307 or 308.";

    public const string HostUnknown =
        "The Host header is not an address of this emulator. Use 127.0.0.1 or localhost, with the port of the emulator.";
    public const string OriginRefused = "The emulator refuses requests from web pages of another origin (Origin header).";
    public const string ScriptedFault = "A scripted fault of the emulator.";

    public const string RequestLineMalformed = "The request line is malformed.";
    public const string HeaderMalformed = "A header field is malformed.";
    public const string HttpVersionUnsupported = "Only HTTP/1.1 and HTTP/1.0 are supported.";
    public const string TwoFramings = "Content-Length and Transfer-Encoding can't be used together.";
    public const string TransferCodingUnsupported = "The only supported transfer coding is chunked.";
    public const string ChunkTooLong = "A chunk is longer than its announced size.";
    public const string BodyLengthMalformed = "The length of the body is malformed.";

    public static string PortOutOfRange(string option) => $"{option} must be from 0 (any free port) to 65535.";

    public static string TaskNotFound(string id) => $"The emulator has no task '{id}'.";

    public static string TaskWithoutImage(string id) => $"The emulator has no task '{id}' with an image.";

    public static string HeadTooLarge(int limit) => $"The request head is larger than {limit} bytes.";

    public static string BodyTooLarge(int limit) => $"The body is larger than {limit} bytes.";

    public static string ShapeUnknown(string name) =>
        $"[shape:{name}] is not a shape of an answer. Use one of {string.Join(", ", Enum.GetNames(typeof(EmulatorResultShape)))}.";

    public static string EmulatorFailed(Exception error) => "The emulator failed: " + error;
}
