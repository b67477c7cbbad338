using System.Text.Json;
using System.Text.Json.Nodes;

namespace NanoBanana.Client.Tests.Gallery.Browser;

/// <summary>An open page in the browser, and its user.</summary>
public sealed class BrowserPage
{
    private readonly Chromium _chromium;
    private readonly string _session;
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _errors = [];

    private BrowserPage(Chromium chromium, string session)
    {
        _chromium = chromium;
        _session = session;
        chromium.EventReceived += OnEvent;
    }

    /// <summary>Errors that the browser reported.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors)
                return [.. _errors];
        }
    }

    public static async Task<BrowserPage> OpenAsync(Chromium chromium, Uri address)
    {
        JsonNode target = await chromium.SendAsync(
            "Target.createTarget", new JsonObject { ["url"] = "about:blank", ["newWindow"] = true, ["width"] = 1280, ["height"] = 900 });
        JsonNode attached = await chromium.SendAsync(
            "Target.attachToTarget", new JsonObject { ["targetId"] = target["targetId"]!.GetValue<string>(), ["flatten"] = true });
        var page = new BrowserPage(chromium, attached["sessionId"]!.GetValue<string>());
        foreach (string domain in (string[])["Page", "Runtime", "Log"])
            await page.SendAsync($"{domain}.enable");
        await page.SendAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri });
        await page._loaded.Task.WaitAsync(Chromium.Timeout);
        return page;
    }

    /// <summary>The value of an expression, or the result of a promise.</summary>
    public async Task<T> EvaluateAsync<T>(string expression)
    {
        JsonNode answer = await SendAsync(
            "Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer["exceptionDetails"] is { } thrown
            ? throw new InvalidOperationException(thrown.ToJsonString())
            : JsonSerializer.Deserialize<T>(answer["result"]!["value"]?.ToJsonString() ?? "null")!;
    }

    /// <summary>Presses keys one after the other.</summary>
    public async Task PressAsync(params string[] keys)
    {
        foreach (string key in keys)
        {
            int code = key switch
            {
                "Tab" => 9,
                "Enter" => 13,
                "Escape" => 27,
                "ArrowLeft" => 37,
                "ArrowRight" => 39,
                _ => throw new ArgumentException(key),
            };
            JsonObject Event(string type) => new()
            {
                ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code,
                ["text"] = key == "Enter" && type == "keyDown" ? "\r" : "",
            };
            await SendAsync("Input.dispatchKeyEvent", Event(key == "Enter" ? "keyDown" : "rawKeyDown"));
            await SendAsync("Input.dispatchKeyEvent", Event("keyUp"));
        }
    }

    /// <summary>Types text at the cursor.</summary>
    public Task TypeAsync(string text) => SendAsync("Input.insertText", new JsonObject { ["text"] = text });

    /// <summary>Shows the page in print or in a color scheme.</summary>
    public Task ShowAsAsync(string medium, string scheme) => SendAsync("Emulation.setEmulatedMedia", new JsonObject
    {
        ["media"] = medium,
        ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
    });

    private Task<JsonNode> SendAsync(string method, JsonObject? parameters = null) => _chromium.SendAsync(method, parameters, _session);

    private void OnEvent(string session, JsonNode message)
    {
        if (session != _session)
            return;
        switch (message["method"]!.GetValue<string>())
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Log.entryAdded":
                AddError(message["params"]!["entry"]!["text"]!.GetValue<string>());
                break;
            case "Runtime.exceptionThrown":
                AddError(message["params"]!.ToJsonString());
                break;
        }
    }

    private void AddError(string text)
    {
        lock (_errors)
            _errors.Add(text);
    }
}
