using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NanoBanana.Client.Tests.Fakes;

namespace NanoBanana.Module.Tests.Journal;

/// <summary>
/// Runs that fail in every way, against a server that repeats the key in every place that a server can write. Nothing that the
/// module emits, keeps or leaves on disk contains the key, and none of its texts contains terminal control characters.
/// </summary>
public sealed partial class SecretTests : JournalModuleTest, IAsyncLifetime
{
    private const string Hostile = "\u001B]0;owned\u0007\u001B[2J\u009B31m\u202E\u2066\r";

    /// <summary>The server's answers: number n is for the prompt "fox n" and for a poll of the id "n".</summary>
    private static readonly string[] Answers =
    [
        Http("400 Bad key $KEY", "{}"),
        Http("500 Oops", "{}", "x-request-id: $KEY\r\n"),
        "$KEY is no HTTP $ESC\r\n\r\n",
        "HTTP/1.1 200 OK\r\n$KEY $ESC\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n$KEY $ESC\r\n",
        Http("302 Found", "", "Location: http://127.0.0.1:1/?key=$KEY\r\n"),
        Http("502 Bad Gateway", "<html>$KEY $ESC</html>"),
        Http("400 Bad Request", """{"error":{"code":"$KEY","message":"$KEY $ESC"},"request_id":"$KEY $ESC"}"""),
        Http("400 Bad Request", """{"message":"$JSON $ESC","detail":"$URL"}"""),
        Http("200 OK", "$KEY $ESC"),
        Http("200 OK", """{"error":{"code":"$KEY","error_message":"$URL $ESC"},"request_id":"$KEY"}"""),
        Http("200 OK", """{"id":"$KEY","status":"in_progress"}"""),
        Http("200 OK", """
            {"id":"12","status":"$KEY $ESC","model":"$KEY $ESC","request_id":"$KEY $ESC","progress":"$KEY",
                "metadata":{"$KEY $ESC":["$KEY $ESC"]}}
            """),
        Http("200 OK", """{"id":"13","status":"failed","model":"$JSON","error":{"code":"$KEY $ESC","message":"$KEY $ESC"}}"""),
        Http("200 OK", """
            {"id":"14","status":"completed","output":[{"content":[
                {"type":"image","url":"$DOWNLOADp.png?key=$KEY","id":"$KEY $ESC","file_name":"../$KEY $ESC"},
                {"type":"text","text":"$KEY $ESC"},{"type":"text","url":"http://127.0.0.1:1/$URL/%E2%80%AE"}]}],
                "usage":{"total_tokens":"$KEY"},"metadata":{"k":"$JSON"}}
            """),
        Http("401 Unauthorized", """{"error":"the key $KEY $ESC is revoked"}"""),
    ];

    private readonly RawServer _api;
    private readonly RawServer _downloads;

    public SecretTests()
    {
        _downloads = new RawServer(connection => AnswerAsync(connection, _ => Http("404 Not Found $KEY", "$KEY $ESC")));
        _api = new RawServer(connection => AnswerAsync(connection, NumberOf));
        Shell["api"] = _api.Address;
        Shell["key"] = ApiKey;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _api.DisposeAsync();
        await _downloads.DisposeAsync();
    }

    [Fact]
    public void Failing_run_exposes_neither_the_key_nor_terminal_control_characters()
    {
        ShellResult result = Run($$"""
            $VerbosePreference = $DebugPreference = 'Continue'
            $Error.Clear()
            Connect-NanoBanana -Endpoint $api -ApiKey $key -MaximumRetryCount 0 -PassThru
            Get-NanoBananaConnection | Out-Default
            $tasks = 0..{{Answers.Length - 2}} | ForEach-Object { "fox $_" } | New-NanoBananaImage -ThrottleLimit 1
            $tasks
            $polled = 0..{{Answers.Length - 1}} | ForEach-Object { "$_" } | Get-NanoBananaTask
            $polled
            $polled | Where-Object Status -in Completed, Failed | Wait-NanoBananaTask | Save-NanoBananaImage -Destination out
            Get-NanoBananaTask
            Get-NanoBananaTask | Out-Default
            "owl {{Answers.Length - 1}}", 'hare 0' | New-NanoBananaImage -ThrottleLimit 1
            $Error
            """);

        Assert.Null(result.Failure);
        Assert.True(result.Errors.Count > 2 * Answers.Length - 10, $"{result.Errors.Count} errors");
        Assert.Contains(_downloads.Requests, r => r.StartsWith("GET /p.png?", StringComparison.Ordinal));
        Assert.All(_downloads.Requests, r => Assert.DoesNotContain(ApiKey, r, StringComparison.Ordinal));
        Assert.All(_downloads.Requests, r => Assert.DoesNotContain("Authorization", r, StringComparison.OrdinalIgnoreCase));
        (string Path, string Text)[] texts =
        [
            .. ReachableText.Of(result.Output), .. ReachableText.Of(result.Errors), .. ReachableText.Of(result.Warnings),
            .. ReachableText.Of(result.Verbose), .. ReachableText.Of(result.Debug), .. ReachableText.Of(result.Progress),
            .. ReachableText.Of(result.HostLines),
        ];
        Assert.True(texts.Length > 2000, $"{texts.Length} texts");
        Assert.Contains(texts, s => s.Text.Contains("…7f3a", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, s => ContainsKey(s.Text));
        Assert.DoesNotContain(texts, s => !IsScriptText(s.Path) && MovesTerminal(s.Text));
        Assert.Empty(Run("Get-NanoBananaTask | ForEach-Object { $_.Prompt }; Disconnect-NanoBanana").Errors);
        AssertFilesDoNotContainKey();
    }

    [Fact]
    public void Serialized_connection_does_not_contain_the_key()
    {
        PSObject connection = Assert.Single(Run("Connect-NanoBanana -Endpoint $api -ApiKey $key -PassThru").Ok());

        Assert.False(ContainsKey(JsonSerializer.Serialize(connection.BaseObject)));
        Assert.False(ContainsKey(PSSerializer.Serialize(connection, 9)));
        Assert.Contains("MaskedKey", JsonSerializer.Serialize(connection.BaseObject), StringComparison.Ordinal);
        Assert.False(ContainsKey($"{connection}"));
    }

    [Theory]
    [InlineData("-ApiKey \"$key $key\"")]
    [InlineData("-ApiKey $key -Endpoint 'http://api.example'")]
    [InlineData("-ApiKey $key -Endpoint 'ftp://api.example'")]
    [InlineData("-ApiKey $key -Protocol smoke")]
    [InlineData("-ApiKey $key -MaximumRetryCount 1000")]
    public void Error_of_a_refused_connection_does_not_contain_the_key(string arguments)
    {
        ShellResult result = Run($"Connect-NanoBanana {arguments}");

        Assert.NotEmpty(result.Errors);
        Assert.DoesNotContain(ReachableText.Of(result.Errors), s => ContainsKey(s.Text));
    }

    [Fact]
    public void Address_that_can_contain_a_secret_is_not_an_error_target()
    {
        Assert.Null(Run("Connect-NanoBanana -ApiKey $key -Endpoint 'https://me:word@api.example'").Errors[0].TargetObject);
        Assert.Null(Run("Connect-NanoBanana -ApiKey $key -Endpoint 'https://api.example?key=word'").Errors[0].TargetObject);
        PSObject proxy = Run("(Connect-NanoBanana -ApiKey $key -Proxy 'http://me:word@proxy.example:8080' -PassThru).Proxy").Ok()[0];
        Assert.Equal("http://proxy.example:8080/", proxy.ToString());
    }

    [Fact]
    public void Untrusted_prompt_is_shown_without_terminal_control_characters()
    {
        Shell["prompt"] = $"a fox {Hostile} in the snow";
        Run("Connect-NanoBanana -Endpoint $emulator.Endpoint -ApiKey $emulator.ApiKey").Ok();

        ShellResult result = Run("""
            $task = New-NanoBananaImage -Prompt $prompt -Name $prompt -Wait
            $task | Out-Default
            $task | Save-NanoBananaImage | Out-Default
            $task | Save-NanoBananaImage -Destination elsewhere -WhatIf
            New-NanoBananaImage -Prompt ($prompt * 500)
            [pscustomobject]@{ Promtp = $prompt } | New-NanoBananaImage
            New-NanoBananaImage -Prompt $prompt -AspectRatio $prompt
            """);

        Assert.Equal(3, result.Errors.Count + (result.Failure is null ? 0 : 1));
        Assert.True(result.HostLines.Count > 5);
        Assert.DoesNotContain(result.HostLines, MovesTerminal);
        Assert.DoesNotContain(result.Errors, e => MovesTerminal($"{e} {e.CategoryInfo} {e.Exception}"));
        Assert.DoesNotContain(Folder.Files, MovesTerminal);
    }

    private void AssertFilesDoNotContainKey()
    {
        string[] files = Directory.GetFiles(Folder.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(files, f => f.EndsWith("journal.db", StringComparison.Ordinal));
        foreach (string file in files)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            string content = reader.ReadToEnd();
            string utf16Key = Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(ApiKey));
            Assert.False(ContainsKey(content) || content.Contains(utf16Key, StringComparison.Ordinal) || ContainsKey(file), file);
        }
    }

    private static bool ContainsKey(string text) =>
        text.Contains(ApiKey, StringComparison.OrdinalIgnoreCase)
        || text.Contains(Json(ApiKey), StringComparison.OrdinalIgnoreCase)
        || text.Contains(Url(ApiKey), StringComparison.OrdinalIgnoreCase);

    private static bool MovesTerminal(string text)
    {
        // Color sequences come from PowerShell.
        string bare = Color().Replace(text, "").Replace("\r\n", "\n", StringComparison.Ordinal);
        return bare.Any(c => (char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u202E' or '\u2066');
    }

    [GeneratedRegex("\u001B\\[[0-9;]*m")]
    private static partial Regex Color();

    /// <summary>Whether the text belongs to the script itself, which PowerShell stores with an error.</summary>
    private static bool IsScriptText(string path) => path.Contains("InvocationInfo", StringComparison.Ordinal);

    private static string NumberOf(string request)
    {
        string line = request.StartsWith("POST", StringComparison.Ordinal)
            ? request[(request.IndexOf("\"prompt\":\"", StringComparison.Ordinal) + 10)..]
            : request[..request.IndexOf(" HTTP", StringComparison.Ordinal)];
        string number = new([.. line.TakeWhile(c => c != '"').Reverse().TakeWhile(char.IsDigit).Reverse()]);
        return Answers[int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)];
    }

    private async Task AnswerAsync(RawConnection connection, Func<string, string> choose)
    {
        if (await connection.ReadRequestAsync() is not { } request)
            return;
        string answer = choose(request)
            .Replace("$KEY", ApiKey, StringComparison.Ordinal)
            .Replace("$JSON", Json(ApiKey), StringComparison.Ordinal).Replace("$URL", Url(ApiKey), StringComparison.Ordinal)
            .Replace("$DOWNLOAD", _downloads.Address.AbsoluteUri, StringComparison.Ordinal);
        // In JSON the characters are escaped. Elsewhere they are sent unescaped.
        bool isJson = answer.Contains("\r\n\r\n{", StringComparison.Ordinal);
        string escape = isJson ? JsonEncodedText.Encode(Hostile).ToString() : Hostile.Replace("\r", "", StringComparison.Ordinal);
        answer = answer.Replace("$ESC", escape, StringComparison.Ordinal);
        await connection.SendAsync(Encoding.UTF8.GetBytes(answer));
        connection.Close();
    }

    private static string Http(string status, string body, string headers = "") =>
        $"HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n{body}";

    private static string Json(string text) => string.Concat(text.Select(c => $"\\u{(int)c:x4}"));

    private static string Url(string text) => string.Concat(text.Select(c => $"%{(int)c:X2}"));
}
