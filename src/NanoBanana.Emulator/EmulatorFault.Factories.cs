namespace NanoBanana.Emulator;

/// <content>Creates the faults.</content>
public sealed partial record EmulatorFault
{
    /// <summary>More bytes than a client of this API should read.</summary>
    private const long HugeBytes = 9L * 1024 * 1024;

    private const string Html =
        "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>The origin is away</h1></body></html>";

    private const string OtherTypes =
        """{"id":{"a":1},"request_id":[1],"created_at":{},"status":7,"model":[],"progress":"half","output":"none","outputs":3,"""
        + "\"usage\":[],\"metadata\":1}";

    private const string Expired =
        """<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>""";

    /// <summary>Answers with an HTTP status.</summary>
    /// <param name="code">200 to 599.</param>
    /// <param name="retryAfterSeconds">Value of Retry-After, not negative; null sends no Retry-After header.</param>
    /// <param name="body">The body; null sends the provider's usual JSON, an empty string sends nothing.</param>
    /// <param name="contentType">Media type of the body, <c>application/json</c> if null.</param>
    /// <param name="retryAfterAsDate">Whether Retry-After is a date, this number of seconds from now.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static EmulatorFault Status(
        int code, int? retryAfterSeconds = null, string? body = null, string? contentType = null, bool retryAfterAsDate = false)
    {
        Check.Range(code is >= 200 and <= 599, code, Messages.StatusOutOfRange);
        Check.Range(retryAfterSeconds is null or >= 0, retryAfterSeconds, Messages.SecondsNegative);
        return new EmulatorFault(KindOf(code))
        {
            StatusCode = code,
            RetryAfterSeconds = retryAfterSeconds,
            IsRetryAfterDate = retryAfterAsDate,
            Body = body,
            ContentType = contentType ?? "application/json",
        };
    }

    /// <summary>Answers 502 with the HTML page of a proxy.</summary>
    public static EmulatorFault BadGateway() => Status(502, body: Html, contentType: "text/html; charset=utf-8");

    /// <summary>Answers 200 with the HTML page of a proxy.</summary>
    public static EmulatorFault Garbage() =>
        Status(200, body: Html, contentType: "text/html; charset=utf-8") with { Kind = EmulatorFaultKind.Garbage };

    /// <summary>Answers 200 without a body.</summary>
    public static EmulatorFault EmptyBody() => Status(200, body: "") with { Kind = EmulatorFaultKind.EmptyBody };

    /// <summary>Answers 200 with JSON whose values have undocumented types.</summary>
    public static EmulatorFault WrongTypes() => Status(200, body: OtherTypes) with { Kind = EmulatorFaultKind.WrongTypes };

    /// <summary>Answers a download with 403, as a storage host does after a link has expired.</summary>
    public static EmulatorFault ExpiredLink() =>
        Status(403, body: Expired, contentType: "application/xml") with { Kind = EmulatorFaultKind.ExpiredLink };

    /// <summary>Resets the connection after the request is read and before it has any effect.</summary>
    public static EmulatorFault Reset() => new(EmulatorFaultKind.Reset);

    /// <summary>Resets the connection after the request is carried out: the task is accepted, and its id is lost.</summary>
    public static EmulatorFault ResetAfterAccept() => Reset().AfterAccept();

    /// <summary>Carries out the request, announces the whole answer and closes the connection in the middle of its body.</summary>
    /// <param name="bytes">Bytes of the body to send, not negative; null for half of them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative.</exception>
    public static EmulatorFault CutBody(long? bytes = null)
    {
        Check.Range(bytes is null or >= 0, bytes, Messages.BytesNegative);
        return new EmulatorFault(EmulatorFaultKind.CutBody) { BytesBeforeCut = bytes, IsAfterAccept = true };
    }

    /// <summary>Carries out the request and sends a part of the body, then nothing until the client closes the connection.</summary>
    /// <param name="bytes">Bytes of the body to send, not negative; null for half of them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative.</exception>
    public static EmulatorFault StallBody(long? bytes = null) => CutBody(bytes) with { Kind = EmulatorFaultKind.StallBody };

    /// <summary>Carries out the request and sends the first half of its JSON with a Content-Length that fits the half.</summary>
    public static EmulatorFault CutJson() => new(EmulatorFaultKind.CutJson) { IsAfterAccept = true };

    /// <summary>Carries out the request and announces a length that differs from the length of the body.</summary>
    /// <param name="difference">
    /// Bytes to announce in addition. The connection is closed before they are sent. If negative, fewer bytes are announced,
    /// and the whole body is sent.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="difference"/> is 0.</exception>
    public static EmulatorFault WrongLength(long difference)
    {
        Check.Range(difference != 0, difference, Messages.LengthDifferenceZero);
        return new EmulatorFault(EmulatorFaultKind.WrongLength) { Bytes = difference, IsAfterAccept = true };
    }

    /// <summary>Carries out the request and sends the right body with another media type.</summary>
    /// <param name="contentType">The media type.</param>
    public static EmulatorFault WrongContentType(string contentType = "text/plain")
    {
        Check.NotNull(contentType);
        return new EmulatorFault(EmulatorFaultKind.WrongContentType) { ContentType = contentType, IsAfterAccept = true };
    }

    /// <summary>Answers 200 with a body of this size, which starts like a task.</summary>
    /// <param name="bytes">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is less than 1.</exception>
    public static EmulatorFault HugeBody(long bytes = HugeBytes)
    {
        Check.Range(bytes >= 1, bytes, Messages.HugeBodyEmpty);
        return new EmulatorFault(EmulatorFaultKind.HugeBody) { Bytes = bytes };
    }

    /// <summary>Carries out the request and answers after a delay.</summary>
    /// <param name="delay">From 0 to one day, by the emulator's clock.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is outside its range.</exception>
    public static EmulatorFault SlowStart(TimeSpan delay)
    {
        Check.Range(delay >= TimeSpan.Zero && delay <= TimeSpan.FromDays(1), delay, Messages.DelayOutOfRange);
        return new EmulatorFault(EmulatorFaultKind.SlowStart) { Delay = delay, IsAfterAccept = true };
    }

    /// <summary>
    /// Does not answer until <see cref="EmulatorServer.Release()"/> is called or the server is disposed. After a release, the
    /// request is answered as usual.
    /// </summary>
    public static EmulatorFault Stall() => new(EmulatorFaultKind.Stall);

    /// <summary>Makes a poll report an earlier state than the task has.</summary>
    /// <param name="word">The status word.</param>
    public static EmulatorFault StaleStatus(string word = "queued")
    {
        Check.NotNull(word);
        return new EmulatorFault(EmulatorFaultKind.StaleStatus) { StatusWord = word, IsAfterAccept = true };
    }

    /// <summary>Answers with a redirect.</summary>
    /// <param name="url">An absolute URL.</param>
    /// <param name="code">301, 302, 303, 307 or 308.</param>
    /// <exception cref="ArgumentException">The URL is not absolute.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The code is not in this list.</exception>
    public static EmulatorFault Redirect(Uri url, int code = 307)
    {
        Check.NotNull(url);
        if (!url.IsAbsoluteUri)
            throw new ArgumentException(Messages.RedirectNotAbsolute, nameof(url));
        Check.Range(code is 301 or 302 or 303 or 307 or 308, code, Messages.RedirectStatusUnknown);
        return RedirectTo(url, code);
    }

    internal static EmulatorFault RedirectTo(Uri url, int code) => new(EmulatorFaultKind.Redirect) { Location = url, StatusCode = code };

    private static EmulatorFaultKind KindOf(int code) => code switch
    {
        401 => EmulatorFaultKind.Unauthorized,
        403 => EmulatorFaultKind.Forbidden,
        404 => EmulatorFaultKind.NotFound,
        429 => EmulatorFaultKind.RateLimited,
        500 => EmulatorFaultKind.ServerError,
        502 => EmulatorFaultKind.BadGateway,
        503 => EmulatorFaultKind.Unavailable,
        _ => EmulatorFaultKind.Status,
    };
}
