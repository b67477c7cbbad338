using System.Globalization;

namespace NanoBanana.Emulator.Http;

/// <summary>Status lines. The phrase is for people who read a trace.</summary>
internal static class HttpReasons
{
    public static string StatusLine(int status) => status switch
    {
        200 => "HTTP/1.1 200 OK\r\n",
        _ => "HTTP/1.1 " + status.ToString(CultureInfo.InvariantCulture) + " " + Phrase(status) + "\r\n",
    };

    private static string Phrase(int status) => status switch
    {
        200 => "OK",
        202 => "Accepted",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "Status",
    };
}
