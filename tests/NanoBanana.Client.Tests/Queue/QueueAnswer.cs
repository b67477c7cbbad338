namespace NanoBanana.Client.Tests.Queue;

/// <summary>Answers of a server that uses the queue dialect.</summary>
internal static class QueueAnswer
{
    public const string Id = "mmsu_01hx7z9k3m5n8p2q4r6s8t0v1w";

    private const string Requests = "https://api.example/model/v1/queue/nano_banana_2/requests/" + Id;

    public static string StatusAddress => Requests + "/status";

    public static string ResultAddress => Requests + "/response";

    public static string CancelAddress => Requests + "/cancel";

    /// <summary>The addresses in it point to another host, which must not receive the key.</summary>
    public static Answer Accepted() => Answer.Json(
        $$"""
        {"request_id":"{{Id}}","response_url":"https://elsewhere.example/r","status_url":"https://elsewhere.example/s",
         "cancel_url":"https://elsewhere.example/c","queue_position":3}
        """);

    public static Answer InQueue(int position = 2) => Answer.Json(
        $$"""{"status":"IN_QUEUE","request_id":"{{Id}}","response_url":"https://elsewhere.example/r","queue_position":{{position}}}""");

    public static Answer InProgress(int status = 200) => Status("IN_PROGRESS", status);

    public static Answer Completed() => Answer.Json(
        $$"""
        {"status":"COMPLETED","request_id":"{{Id}}","response_url":"https://elsewhere.example/r",
         "metrics":{"inference_time":12.34} }
        """);

    public static Answer Canceled() => Status("CANCELED");

    public static Answer Status(string word, int status = 200) => Answer.Json($$"""{"status":"{{word}}","request_id":"{{Id}}"}""", status);

    public static Answer Result(string url = "https://cdn.example/p.png") => Answer.Json(
        $$"""
        {"request_id":"{{Id}}","outputs":[
          {"type":"image","url":"{{url}}","content_type":"image/png","file_name":"p.png","file_size":12345,"width":1024,"height":768}
        ],"metadata":{"seed":7} }
        """);

    public static Answer NotFound() => Answer.Json("""{"detail":"Request not found"}""", 404);
}
