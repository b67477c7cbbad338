namespace NanoBanana.Client.Wire;

/// <summary>What the names of an answer say about their values, so that an image of the request is never one of the result.</summary>
internal static class ImageNames
{
    private static readonly HashSet<string> Foreign = new(StringComparer.Ordinal)
    {
        "arguments", "args", "request", "requestbody", "originalrequest", "options", "config", "settings", "prompt", "negativeprompt", "model", "version",
        "usage", "metrics", "logs", "log", "error", "errors", "providererror", "detail", "msg", "user", "owner", "account", "author", "creator",
        "get", "cancel", "stream", "web", "self", "status", "next", "previous", "prev", "first", "last", "docs", "documentation", "documentationurl", "help",
        "helpurl", "homepage", "terms", "support", "statusurl", "responseurl", "cancelurl", "geturl", "streamurl", "weburl", "logsurl", "logurl", "queueurl", "pollurl",
        "pollingurl", "taskurl", "requesturl", "resulturlapi", "detailurl", "pageurl", "shareurl", "viewurl", "nexturl", "selfurl", "apiurl", "baseurl", "dashboardurl",
        "refurl", "traceurl", "uploadurl", "puturl", "deleteurl", "editurl", "billingurl", "id", "requestid", "taskid", "revisedprompt", "caption",
        "stagingurl", "endpoint", "host", "origin", "referer",
    };

    private static readonly string[] ForeignParts =
        ["input", "param", "thumb", "avatar", "icon", "logo", "preview", "poster", "callback", "webhook", "notify", "mask", "reference", "originimage",
         "originalimage", "initimage", "controlimage", "userimage", "watermarkimage", "placeholder", "blurhash", "refimage", "lowres"];

    private static readonly string[] OutputParts = ["output", "result", "image", "img", "generat", "artifact", "image", "photo", "sample"];

    private static readonly HashSet<string> OutputNames = new(StringComparer.Ordinal)
        { "candidates", "choices", "predictions", "files", "content", "contents", "parts", "inlinedata", "response", "urls", "assets", "media", "creations", "works", "data" };

    private static readonly HashSet<string> AddressNames = new(StringComparer.Ordinal)
    {
        "url", "imageurl", "uri", "fileuri", "href", "src", "link", "fileurl", "downloadurl", "signedurl", "publicurl", "outputurl", "resulturl", "cdnurl", "imguri",
        "imageuri", "imgurl", "imgsrc", "image", "img", "file", "path", "originurl", "originalurl", "contenturl", "mediaurl", "nowatermarkurl", "downloaduri", "remoteurl",
        "resultimageurl", "ossurl", "s3url", "fullurl", "rawurl", "output", "result", "picurl", "address", "imagepath",
    };

    private static readonly HashSet<string> DataNames = new(StringComparer.Ordinal)
        { "b64json", "base64", "bytes", "blob", "b64", "imagebase64", "base64image", "imageb64", "bytesbase64encoded", "imagebytes", "imagedata", "binarydatabase64", "partialimageb64" };

    /// <summary>Whether what stands under this name can't be a result: the request's own images, other addresses of the service.</summary>
    public static bool IsForeign(string key) =>
        Foreign.Contains(key) || key.HoldsAny(ForeignParts) || (key.Contains("source") && !key.Contains("resource"));

    /// <summary>Whether the images under this name are the result.</summary>
    public static bool IsOutput(string key) => (OutputNames.Contains(key) || SaysImage(key)) && !IsForeign(key);

    public static bool SaysImage(string key) => key != "imageurls" && key.HoldsAny(OutputParts);

    public static bool IsAddress(string key) => AddressNames.Contains(key) || key.EndsWithAny("url", "urls");

    public static bool IsData(string key) => DataNames.Contains(key);

    /// <summary>Whether words under this name are for people.</summary>
    public static bool IsProse(string key) => key is "text" or "content" or "outputtext" or "message";

    /// <summary>Whether what stands under this name is for people where it has several words.</summary>
    public static bool MayBeProse(string key) => key is "contents" or "parts" or "output" or "outputs" or "result" or "results" or "response";
}
