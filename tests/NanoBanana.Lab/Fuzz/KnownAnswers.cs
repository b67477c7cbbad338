using System.Text;
using NanoBanana.Client.Wire;

namespace NanoBanana.Lab.Fuzz;

/// <summary>The dialects, and real answers of their servers, which are the base of the odd ones.</summary>
internal static class KnownAnswers
{
    /// <summary>The dialects that read each body.</summary>
    public static readonly IReadOnlyList<IWireDialect> Dialects = [new GenerationDialect(), new QueueDialect()];

    public static readonly IReadOnlyList<byte[]> Bodies =
    [
        .. new[]
        {
            """{"id":"d758n65e878c73cmdg20","created_at":1775831525,"status":"in_progress","model":"nano_banana_2"}""",
            """
            {"id":"d758n65e878c73cmdg20","created_at":"2026-04-10T14:32:05Z","status":"in_progress","progress":0.4,
             "model":"nano_banana_2"}
            """,
            """
            {"id":"d758","created_at":1775831525,"completed_at":"2026-04-10T14:32:35.25+02:00","status":"completed","model":"nano_banana_2",
             "output":[{"content":[{"type":"image","url":"https://cdn.example/p.png?sig=a%2Bb","id":"o1","img_id":12,
                                    "width":1024,"height":1024,"content_type":"image/png","file_name":"p.png"},
                                   {"type":"text","text":"a red fox"},{"type":"text","url":"https://cdn.example/t.txt"},
                                   {"type":"audio","url":"https://cdn.example/a"}]}],
             "usage":{"prompt_tokens":12,"completion_tokens":1120,"total_tokens":1132,"cost":"0.067","unit_price":"0.067","quantity":1},
             "metadata":{"seed":7,"safe":true,"ratio":0.5,"tags":["a","b"],"more":{"x":null}},"request_id":"req-1"}
            """,
            """{"id":"d758","status":"failed","error":{"code":5001095,"error_message":"the model did not finish"}}""",
            """{"id":"d758","status":"failed","error":{"code":"quota","message":"over"},"request_id":"req-2"}""",
            """{"status":"failed","error":"plain words"}""",
            """{"error":{"code":"invalid","message":"no such ratio","detail":"d"},"request_id":"req-3"}""",
            """{"message":"Invalid token","code":401}""",
            """{"detail":"Request not found"}""",
            """
            {"request_id":"mmsu_01hx","response_url":"https://a.example/r","status_url":"https://a.example/s",
             "cancel_url":"https://a.example/c","queue_position":0}
            """,
            """
            {"status":"IN_PROGRESS","request_id":"mmsu_01hx","response_url":"https://a.example/r","queue_position":3,
             "metrics":{"inference_time":12.34}}
            """,
            """{"status":"COMPLETED","request_id":"mmsu_01hx","error":"failed","error_type":"INFERENCE_FAILURE"}""",
            """
            {"request_id":"mmsu_01hx","outputs":[{"type":"image","url":"https://cdn.example/p.png","content_type":"image/png",
             "file_name":"p.png","file_size":1,"width":1024,"height":1024},{"type":"text","text":"a red fox"}],"metadata":{"k":"v"}}
            """,
            "<html><body><h1>502 Bad Gateway</h1></body></html>",
            "",
        }.Select(Encoding.UTF8.GetBytes),
    ];
}
