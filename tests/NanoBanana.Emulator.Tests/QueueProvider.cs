using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NanoBanana.Emulator.Tests;

/// <summary>Sends documented requests of the queue dialect to an emulator, without the module.</summary>
internal sealed class QueueProvider(EmulatorOptions? options = null) : IDisposable
{
    public const string Root = "model/v1/queue/nano_banana_2";

    private readonly Provider _provider = new(options);

    public EmulatorServer Server => _provider.Server;

    public HttpClient Client => _provider.Client;

    /// <summary>The same emulator with the other dialect.</summary>
    public Provider Generation => _provider;

    public static string PathOf(string id, string what) => $"{Root}/requests/{id}/{what}";

    public Task<HttpResponseMessage> PostAsync(string json, string model = "nano_banana_2") =>
        Client.PostAsync("model/v1/queue/" + model, Provider.Json(json));

    public async Task<JsonElement> CreateAsync(JsonObject parameters)
    {
        using var response = await PostAsync(parameters.ToJsonString());
        return await Provider.ReadAsync(response, HttpStatusCode.OK);
    }

    public async Task<string> CreateIdAsync(string prompt) =>
        (await CreateAsync(Provider.Parameters(prompt))).GetProperty("request_id").GetString()!;

    public async Task<JsonElement> StatusAsync(string id)
    {
        using var response = await Client.GetAsync(PathOf(id, "status"));
        return await Provider.ReadAsync(response, HttpStatusCode.OK);
    }

    public async Task<string> StatusWordAsync(string id) => (await StatusAsync(id)).GetProperty("status").GetString()!;

    public async Task<JsonElement> ResultAsync(string id, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await Client.GetAsync(PathOf(id, "response"));
        return await Provider.ReadAsync(response, expected);
    }

    public async Task<JsonElement> CancelAsync(string id, HttpStatusCode expected)
    {
        using var response = await Client.PutAsync(PathOf(id, "cancel"), null);
        return await Provider.ReadAsync(response, expected);
    }

    public void Dispose() => _provider.Dispose();
}
