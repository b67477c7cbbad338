using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace NanoBanana.Lab.Bench.Workers;

/// <summary>
/// A service over TLS with HTTP/1.1 and HTTP/2, like the provider's: Kestrel, in a separate process. Tasks complete immediately, and all
/// have the same image.
/// </summary>
internal sealed class KestrelWorker
{
    public const string Kind = "bench-kestrel";

    private const string ApiKey = "benchmark-key-4711";

    private byte[] _image = [];
    private long _connections;
    private long _handshakes;
    private long _creates;
    private long _polls;
    private long _downloads;
    private string _origin = "";

    /// <param name="certificateFile">The file to write the certificate to, for clients that must trust it.</param>
    public static async Task RunAsync(string certificateFile)
    {
        using X509Certificate2 certificate = CreateCertificate();
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        var worker = new KestrelWorker { _image = await MakeImageAsync(bytes: 0) };
        await using WebApplication service = worker.Create(certificate);
        await service.StartAsync();
        worker._origin = service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        foreach (WorkerRequest request in WorkerRequests.Read())
        {
            if (request.Action == "image")
                worker._image = await MakeImageAsync(request.Count);
            WorkerRequests.Answer(worker.State(certificateFile));
        }
    }

    private WebApplication Create(X509Certificate2 certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(next => connection =>
            {
                Interlocked.Increment(ref _connections);
                return next(connection);
            });
            listen.UseHttps(certificate);
            // This runs after TLS, so each call is a completed handshake.
            listen.Use(next => connection =>
            {
                Interlocked.Increment(ref _handshakes);
                return next(connection);
            });
        }));
        WebApplication service = builder.Build();
        service.MapPost("/model/v1/generation", async context =>
        {
            // With HTTP/2, an unread body keeps its stream open for seconds, and too many open streams end the connection.
            await context.Request.Body.CopyToAsync(Stream.Null);
            Interlocked.Increment(ref _creates);
            await context.Response.WriteAsJsonAsync(
                new { id = Guid.NewGuid().ToString("N"), status = "in_progress", model = "nano_banana_2" });
        });
        service.MapGet("/model/v1/generation/task/{id}", context =>
        {
            Interlocked.Increment(ref _polls);
            string id = (string)context.Request.RouteValues["id"]!;
            var image = new { type = "image", url = $"{_origin}/images/{id}.png" };
            return context.Response.WriteAsJsonAsync(
                new { id, status = "completed", model = "nano_banana_2", output = new[] { new { content = new[] { image } } } });
        });
        service.MapGet("/images/{name}", async context =>
        {
            Interlocked.Increment(ref _downloads);
            context.Response.ContentType = "image/png";
            context.Response.ContentLength = _image.Length;
            await context.Response.Body.WriteAsync(_image);
        });
        return service;
    }

    private EmulatorState State(string certificateFile) => new()
    {
        Endpoint = new Uri(_origin + "/"),
        ApiKey = ApiKey,
        Certificate = certificateFile,
        Handshakes = Interlocked.Read(ref _handshakes),
        Counters = new EmulatorCounters
        {
            ConnectionsAccepted = Interlocked.Read(ref _connections),
            CreatesAccepted = Interlocked.Read(ref _creates),
            Polls = Interlocked.Read(ref _polls),
            Downloads = Interlocked.Read(ref _downloads),
        },
        CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
    };

    /// <summary>An image file of the emulator.</summary>
    private static async Task<byte[]> MakeImageAsync(int bytes)
    {
        using var emulator = EmulatorServer.Start(new EmulatorOptions { ApiKey = ApiKey, TimeScale = 0 });
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = emulator.Endpoint };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        string prompt = bytes > 0 ? $"[bytes:{bytes}] a whale" : "a fox";
        var body = new { model = "nano_banana_2", input = new[] { new { @params = new { prompt, resolution = "0.5K" } } } };
        using HttpResponseMessage accepted = await http.PostAsJsonAsync("model/v1/generation", body);
        return emulator.ImageOf(emulator.Tasks.Single().Id);
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=NanoBanana.Lab", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // On Windows, a server accepts only an imported key.
        return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
    }
}
