namespace NanoBanana.Client.Wire;

/// <summary>The meanings of property names of an answer, so that an image of the request is not taken for a result.</summary>
internal static class ImageNames
{
    private static readonly HashSet<string> NeverResults = new(StringComparer.Ordinal)
    {
        "arguments", "args", "request", "requestbody", "originalrequest", "options", "config", "settings", "prompt", "negativeprompt",
        "model", "version",
        "usage", "metrics", "logs", "log", "error", "errors", "providererror", "detail", "msg", "user", "owner", "account", "author",
        "creator",
        "get", "cancel", "stream", "web", "self", "status", "next", "previous", "prev", "first", "last", "docs", "documentation",
        "documentationurl", "help", "helpurl", "homepage", "terms", "support", "statusurl", "responseurl", "cancelurl", "geturl",
        "streamurl", "weburl", "logsurl", "logurl", "queueurl", "pollurl", "pollingurl", "taskurl", "requesturl", "resulturlapi",
        "detailurl", "pageurl", "shareurl", "viewurl", "nexturl", "selfurl", "apiurl", "baseurl", "dashboardurl",
        "refurl", "traceurl", "uploadurl", "puturl", "deleteurl", "editurl", "billingurl", "id", "requestid", "taskid", "revisedprompt",
        "caption",
        "stagingurl", "endpoint", "host", "origin", "referer",
    };

    private static readonly string[] NeverResultParts =
        ["input", "param", "thumb", "avatar", "icon", "logo", "preview", "poster", "callback", "webhook", "notify", "mask", "reference",
         "originimage",
         "originalimage", "initimage", "controlimage", "userimage", "watermarkimage", "placeholder", "blurhash", "refimage", "lowres"];

    private static readonly string[] OutputParts =
        ["output", "result", "image", "img", "generat", "artifact", "picture", "photo", "sample"];

    private static readonly HashSet<string> OutputNames = new(StringComparer.Ordinal)
    {
        "candidates", "choices", "predictions", "files", "content", "contents", "parts", "inlinedata", "response", "urls", "assets",
        "media", "creations", "works", "data",
    };

    private static readonly HashSet<string> AddressNames = new(StringComparer.Ordinal)
    {
        "url", "imageurl", "uri", "fileuri", "href", "src", "link", "fileurl", "downloadurl", "signedurl", "publicurl", "outputurl",
        "resulturl", "cdnurl", "imguri", "imageuri", "imgurl", "imgsrc", "image", "img", "file", "path", "originurl", "originalurl",
        "contenturl", "mediaurl", "nowatermarkurl", "downloaduri", "remoteurl", "resultimageurl", "ossurl", "s3url", "fullurl", "rawurl",
        "output", "result", "picurl", "address", "imagepath",
    };

    private static readonly HashSet<string> DataNames = new(StringComparer.Ordinal)
    {
        "b64json", "base64", "bytes", "blob", "b64", "imagebase64", "base64image", "imageb64", "bytesbase64encoded", "imagebytes",
        "imagedata", "binarydatabase64", "partialimageb64",
    };

    /// <summary>
    /// Whether values under this name can't be a result, such as the images of the request and other addresses of the service.
    /// </summary>
    public static bool CannotBeResult(string key) =>
        NeverResults.Contains(key) || key.ContainsAny(NeverResultParts) || (key.Contains("source") && !key.Contains("resource"));

    /// <summary>Whether images under this name are the result.</summary>
    public static bool IsOutput(string key) => (OutputNames.Contains(key) || IsImageName(key)) && !CannotBeResult(key);

    public static bool IsImageName(string key) => key != "imageurls" && key.ContainsAny(OutputParts);

    public static bool IsAddress(string key) => AddressNames.Contains(key) || key.EndsWithAny("url", "urls");

    public static bool IsData(string key) => DataNames.Contains(key);

    /// <summary>Whether texts under this name are written for people.</summary>
    public static bool IsProse(string key) => key is "text" or "content" or "outputtext" or "message";

    /// <summary>Whether a text of several words under this name is written for people.</summary>
    public static bool MayBeProse(string key) =>
        key is "contents" or "parts" or "output" or "outputs" or "result" or "results" or "response";
}
