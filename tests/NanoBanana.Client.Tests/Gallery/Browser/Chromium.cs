using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NanoBanana.Client.Tests.Gallery.Browser;

/// <summary>
/// A headless Chromium, controlled with its own protocol (https://chromedevtools.github.io/devtools-protocol/). No driver
/// and no package must match its version.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>Much longer than a loaded machine needs. A browser that hangs fails its test instead of the whole test run.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly string _profile = Directory.CreateTempSubdirectory("nanobanana-chromium-").FullName;
    private readonly Dictionary<int, TaskCompletionSource<JsonNode>> _pending = [];
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private Process? _process;
    private Task? _listening;
    private int _lastId;

    /// <summary>The path of the browser, or null if there isn't one.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Events of the browser, with their session.</summary>
    public event Action<string, JsonNode>? EventReceived;

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Program!)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            // The sandbox is not available to root. The pages are our own.
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", $"--user-data-dir={_profile}", "about:blank",
            },
        };
        _process = Process.Start(start)!;
        _ = _process.StandardOutput.ReadToEndAsync();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            const string Mark = "DevTools listening on ";
            if (line.Data?.StartsWith(Mark, StringComparison.Ordinal) == true)
                address.TrySetResult(new Uri(line.Data[Mark.Length..]));
            else if (line.Data is null)
                address.TrySetException(new InvalidOperationException($"{Program} ended before it listened."));
        };
        _process.BeginErrorReadLine();
        await _socket.ConnectAsync(await address.Task.WaitAsync(Timeout), CancellationToken.None).WaitAsync(Timeout);
        _listening = ListenAsync();
    }

    /// <summary>Sends a command and waits for its result.</summary>
    public async Task<JsonNode> SendAsync(string method, JsonObject? parameters = null, string? session = null)
    {
        int id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_pending)
            _pending[id] = answer;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (session is not null)
            command["sessionId"] = session;
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
        return await answer.Task.WaitAsync(Timeout);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(Timeout);
        }
        if (_listening is not null)
            await _listening.WaitAsync(Timeout);
        _socket.Dispose();
        _process?.Dispose();
        _sending.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A process of the browser is still ending. The operating system cleans the folder up.
        }
    }

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                WebSocketReceiveResult received = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                message.Write(buffer, 0, received.Count);
                if (!received.EndOfMessage)
                    continue;
                OnMessage(JsonNode.Parse(message.ToArray())!);
                message.SetLength(0);
            }
        }
        catch (WebSocketException)
        {
            // The socket was closed.
        }
    }

    private void OnMessage(JsonNode message)
    {
        if (message["id"] is null)
        {
            EventReceived?.Invoke(message["sessionId"]?.GetValue<string>() ?? "", message);
            return;
        }
        TaskCompletionSource<JsonNode>? answer;
        lock (_pending)
            _pending.Remove(message["id"]!.GetValue<int>(), out answer);
        if (message["error"] is { } error)
            answer?.TrySetException(new InvalidOperationException(error.ToJsonString()));
        else
            answer?.TrySetResult(message["result"]!);
    }
}
