using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Text;

/// <summary>A server on a raw socket that repeats the key in every form and place. No trace and no error shows it.</summary>
public sealed class KeyEchoTests
{
    private const string Key = "nk-Live0123.abcdef_WXYZ";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Forms => new(KeyEchoes.Names);

    public static TheoryData<string> BodyEncodings => ["utf-16", "utf-16BE", "utf-32", "us-ascii", "iso-8859-1", "utf-8"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_key_echoed_anywhere_in_an_answer_is_not_shown(string form)
    {
        string echo = KeyEchoes.Of(form, Key);
        string line = string.Concat(echo.Where(c => c is >= ' ' and < (char)127));
        string json = JsonSerializer.Serialize(echo, Plain);
        foreach (string answer in (string[])
            [
                Http("400 Bad Request", $$"""{"message":{{json}},"request_id":{{json}} }"""),
                Http("500 Oops", $"<html><body>{echo}</body></html>"),
                Http("400 Bad Request", $"{{\"error\":{{\"code\":{json},\"message\":\"no\",\"x\":{json}}}"),
                Http("200 OK", $$"""{"error":{"code":{{json}},"message":{{json}} } }"""),
                Http("200 OK", $$"""{"id":{{json}},"status":"in_progress"}"""),
                Http("200 OK", $$"""{"id":"t1","status":"failed","error":{{json}},"metadata":{ {{json}}:[{{json}}] } }"""),
                Http(
                    "200 OK",
                    $$"""{"id":"t1","status":{{json}},"model":{{json}} /* {{line.Replace("*/", "", StringComparison.Ordinal)}} */ }"""),
                Http("200 OK", $$"""{"id":"t1","status":"failed","error":"{{Key[..9]}}","message":"{{Key[9..]}}"}"""),
                Http($"400 {line}", "", $"x-request-id: {line}\r\n"),
                Http("302 Found", "", $"Location: https://elsewhere.example/{line}\r\n"),
                $"{line} is no HTTP\r\n\r\n",
                $"HTTP/1.1 200 OK\r\n{line}\r\n\r\n",
                $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{line}\r\n",
            ])
        {
            await AssertHiddenAsync(Encoding.UTF8.GetBytes(answer), answer);
        }
    }

    [Theory]
    [MemberData(nameof(BodyEncodings))]
    public async Task A_key_in_a_body_of_another_encoding_is_not_shown(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        foreach (string body in (string[])[$"The key {Key} is odd.", $$"""{"message":"The key {{Key}} is odd"}"""])
        {
            foreach (string charset in (string[])["", $"; charset={name}", "; charset=utf-8", "; charset=unknown"])
            {
                foreach (byte[] mark in (byte[][])[[], encoding.GetPreamble()])
                {
                    byte[] head = Encoding.ASCII.GetBytes(Http("400 Bad Request", "", $"Content-Type: text/html{charset}\r\n"));
                    await AssertHiddenAsync([.. head, .. mark, .. encoding.GetBytes(body)], $"{body} {charset}");
                }
            }
        }
    }

    private static async Task AssertHiddenAsync(byte[] answer, string what)
    {
        await using var server = new RawServer(async connection =>
        {
            if (await connection.ReadRequestAsync() is null)
                return;
            await connection.SendAsync(answer);
            connection.Close();
        });
        var observer = new RecordingObserver();
        using var client = new NanoBananaClient(
            new NanoBananaClientOptions { ApiKey = new ApiKey(Key), Endpoint = server.Address, MaximumRetryCount = 0, Random = () => 0 });
        using var folder = new TemporaryFolder();
        List<object?> shown = [];
        foreach (Func<Task> work in (Func<Task>[])
            [
                async () => shown.Add(await client.SubmitAsync(new ImageRequest { Prompt = "fox" }, observer, default)),
                async () => shown.Add(
                    await client.GetAsync(new ImageTask { Id = "t1", Status = ImageTaskStatus.Running }, observer, default)),
            ])
        {
            try
            {
                await work();
            }
            catch (NanoBananaException e)
            {
                shown.Add(e);
                shown.AddRange([e.ProviderCode, e.RequestId, e.Task]);
            }
        }
        foreach (ImageTask task in shown.OfType<ImageTask>().ToArray())
            shown.Add(JsonSerializer.Serialize(task, Plain));
        shown.AddRange(observer.Traces.Select(t => $"{t} {t.Received}"));
        shown.AddRange(observer.Warnings);

        Assert.NotEmpty(observer.Traces);
        Assert.All(shown, text => Assert.False(KeyEchoes.Shows($"{text}", Key), $"{what}\n\n{text}"));
    }

    private static string Http(string status, string body, string headers = "") =>
        $"HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n{body}";
}
