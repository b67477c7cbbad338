using System.Security.Authentication;
#if NET
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
#endif
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Http;

/// <summary>A certificate that is not trusted is a permanent error.</summary>
public sealed class CertificateTests
{
    [Fact]
    public async Task A_submission_fails_immediately_with_the_reason()
    {
        using var bench = new TestBench();
        bench.Api.Script(Failing(takesBody: false));

        NanoBananaException error = await bench.FailToSubmitAsync();

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains(
            "the certificate of the service is not trusted (The chain is wrong: UntrustedRoot)", error.Message, StringComparison.Ordinal);
        Assert.Contains("SSL_CERT_FILE", error.Message, StringComparison.Ordinal);
        Assert.Single(bench.Api.Requests);
        Assert.Equal(TimeSpan.Zero, bench.Clock.Elapsed);
        Assert.Empty(bench.Observer.Warnings);
    }

    [Fact]
    public async Task A_poll_and_a_download_fail_immediately()
    {
        using var folder = new TemporaryFolder();
        using var bench = new TestBench();
        bench.Api.Script(Failing(takesBody: true));
        bench.Downloads.Script(Failing(takesBody: true));

        var poll = await Assert.ThrowsAsync<NanoBananaException>(() => bench.Clock.RunAsync(bench.GetAsync(bench.CreateTask())));
        var download = await Assert.ThrowsAsync<NanoBananaException>(
            () => bench.Clock.RunAsync(bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), folder.Target())));

        Assert.Equal((NanoBananaErrorKind.ConnectionFailed, NanoBananaErrorKind.DownloadFailed), (poll.Kind, download.Kind));
        Assert.All([poll, download], error => Assert.Contains("is not trusted", error.Message, StringComparison.Ordinal));
        Assert.Equal((1, 1, TimeSpan.Zero), (bench.Api.Requests.Count, bench.Downloads.Requests.Count, bench.Clock.Elapsed));
    }

    [Fact]
    public async Task A_handshake_that_fails_for_another_reason_is_retried()
    {
        using var bench = new TestBench();
        bench.Api.Script(
            Answer.Failing(
                takesBody: false,
                () => new HttpRequestException("tls", new AuthenticationException("see inside", new IOException("alert")))),
            Answer.Accepted());

        await bench.Clock.RunAsync(bench.SubmitAsync());

        Assert.Equal(2, bench.Api.Requests.Count);
    }

#if NET
    [Fact]
    public async Task An_untrusted_certificate_is_recognized_on_the_wire()
    {
        using var key = RSA.Create(2048);
        using X509Certificate2 own = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int connections = 0;
        Task serving = Task.Run(async () =>
        {
            while (true)
            {
                using TcpClient accepted = await listener.AcceptTcpClientAsync();
                connections++;
                using var tls = new SslStream(accepted.GetStream());
                await Record.ExceptionAsync(() => tls.AuthenticateAsServerAsync(certificate));
                await Record.ExceptionAsync(async () => _ = await tls.ReadAsync(new byte[1]));
            }
        });
        var observer = new RecordingObserver();
        using var client = new NanoBananaClient(new NanoBananaClientOptions
        {
            ApiKey = new ApiKey(TestBench.Key),
            Endpoint = new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"),
        });

        var error = await Assert.ThrowsAsync<NanoBananaException>(
            () => client.SubmitAsync(new ImageRequest { Prompt = "fox" }, observer, CancellationToken.None).WaitAsync(TestTimeout.Limit));

        Assert.Equal(NanoBananaErrorKind.ConnectionFailed, error.Kind);
        Assert.Contains("the certificate of the service is not trusted", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, connections);
        Assert.Empty(observer.Warnings);
        listener.Stop();
        await Record.ExceptionAsync(() => serving);
    }
#endif

    private static Answer Failing(bool takesBody) => Answer.Failing(
        takesBody,
        () => new HttpRequestException(
            "The SSL connection could not be established.", new AuthenticationException("The chain is wrong: UntrustedRoot")));
}
