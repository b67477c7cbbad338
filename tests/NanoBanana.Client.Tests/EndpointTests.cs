using NanoBanana.Client.Http;
using NanoBanana.Client.Purchases;

namespace NanoBanana.Client.Tests;

/// <summary>Every documented or usual form of an address leads to the same requests.</summary>
public sealed class EndpointTests
{
    [Theory]
    [InlineData("https://cloud.vtrix.ai", "https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("https://cloud.vtrix.ai/", "https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("https://cloud.vtrix.ai//", "https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("https://CLOUD.VTRIX.AI:443/model", "https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("cloud.vtrix.ai", "https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("cloud.vtrix.ai:443/model/", "https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("  vtrix.ai/model/v1 ", "https://vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("https://openresty-gateway.api.seaart.ai/model", "https://openresty-gateway.api.seaart.ai/", ApiProtocol.Generation)]
    [InlineData("https://cloud.vtrix.ai/model/v1/generation", "https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("https://cloud.vtrix.ai/model/v1/generation/task", "https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("https://cloud.vtrix.ai/model/v1/generation/task/d758n65e", "https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("https://cloud.seaart.ai/model", "https://cloud.seaart.ai/", ApiProtocol.Queue)]
    [InlineData("https://odirouter.ai/model/", "https://odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("https://odirouter.ai/model/v1", "https://odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("https://www.odirouter.ai/model/v1/queue", "https://www.odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("https://api.odirouter.ai/model/v1/queue/nano_banana_2", "https://api.odirouter.ai/", ApiProtocol.Queue)]
    [InlineData(
        "https://api.odirouter.ai/model/v1/queue/nano_banana_2/requests/mmsu_1/status", "https://api.odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("api.odirouter.ai", "https://api.odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("https://gw.corp/nano", "https://gw.corp/nano/", ApiProtocol.Generation)]
    [InlineData("https://gw.corp/nano/model/v1/queue/", "https://gw.corp/nano/", ApiProtocol.Queue)]
    [InlineData("https://gw.corp/model/v1/queue/nano_banana_2", "https://gw.corp/", ApiProtocol.Queue)]
    [InlineData("https://gw.corp/Model/V1/Generation", "https://gw.corp/", ApiProtocol.Generation)]
    [InlineData("https://cloud.seaart.ai/queue", "https://cloud.seaart.ai/", ApiProtocol.Queue)]
    [InlineData("https://cloud.seaart.ai/v1/queue/nano_banana_2", "https://cloud.seaart.ai/", ApiProtocol.Queue)]
    [InlineData("vtrix.ai/generation", "https://vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("https://odirouter.ai./model", "https://odirouter.ai./", ApiProtocol.Queue)]
    [InlineData("https://odirouter.ai:8443/model", "https://odirouter.ai:8443/", ApiProtocol.Queue)]
    [InlineData("//odirouter.ai/model", "https://odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("https:odirouter.ai/model", "https://odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("https:/odirouter.ai/model", "https://odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("https://https://odirouter.ai/model", "https://odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("https://odirouter.ai//model//v1//queue//", "https://odirouter.ai/", ApiProtocol.Queue)]
    [InlineData("https://gw.corp/v1/account/model", "https://gw.corp/v1/account/", ApiProtocol.Generation)]
    [InlineData("https://gw.corp/v1/account/nano", "https://gw.corp/v1/account/nano/", ApiProtocol.Generation)]
    [InlineData("https://gw.corp/v1/model/model/v1/queue", "https://gw.corp/v1/model/", ApiProtocol.Queue)]
    [InlineData("localhost:8080", "http://localhost:8080/", ApiProtocol.Generation)]
    [InlineData("127.0.0.1:8080/model", "http://127.0.0.1:8080/", ApiProtocol.Generation)]
    public void An_address_resolves_to_its_base_and_protocol(string given, string expected, ApiProtocol protocol)
    {
        var address = new Uri(given, UriKind.RelativeOrAbsolute);

        NanoBananaClientOptions options = Options(address);
        options.Check();

        Assert.Equal((expected, protocol, protocol), (options.Endpoint.AbsoluteUri, options.Protocol, KnownEndpoints.ProtocolOf(address)));
    }

    [Theory]
    [InlineData("https://cloud.vtrix.ai/v1", "https://cloud.vtrix.ai/?")]
    [InlineData("https://odirouter.ai/some/path", "https://odirouter.ai/?")]
    [InlineData("https://odirouter.ai/x/model/v1/queue", "https://odirouter.ai/?")]
    [InlineData("https://cloud.seaart.ai/model/v2", "https://cloud.seaart.ai/?")]
    [InlineData("https://cloud.seaart.ai/models", "https://cloud.seaart.ai/?")]
    [InlineData("https://cloud.seaart.ai/api/v1/storage/files", "https://cloud.seaart.ai/?")]
    [InlineData("https://gw.corp/v1", "https://gw.corp/?")]
    [InlineData("https://gw.corp/nano/v1/queue", "https://gw.corp/nano/model/v1/queue/?")]
    [InlineData("https://gw.corp/nano/model/v2/queue", "https://gw.corp/nano/model/v1/queue/?")]
    [InlineData("https://gw.corp/nano/model/v1/generation/sync", "https://gw.corp/nano/?")]
    [InlineData("https://gw.corp/docs", "https://gw.corp/?")]
    [InlineData("https://gw.corp/v1/images/generations", "https://gw.corp/?")]
    [InlineData("https://odirouter.ai/docs/models/nano_banana_2", "https://odirouter.ai/?")]
    [InlineData("https://odirouter.ai/v1/chat/completions", "https://odirouter.ai/?")]
    [InlineData("https://odirouter.ai/model.", "https://odirouter.ai/?")]
    [InlineData("https://odirouter.ai/model?key=1", "https://odirouter.ai/?")]
    [InlineData("https://odirouter.ai/model/v1/queue#create", "https://odirouter.ai/?")]
    [InlineData("https://someone:pw@odirouter.ai/docs", "https://odirouter.ai/?")]
    [InlineData("http://odirouter.ai/model", "Use https")]
    [InlineData("https://gw.corp/v1beta/models", "https://gw.corp/?")]
    [InlineData("https://gw.corp/model/v1/chat/completions", "https://gw.corp/?")]
    [InlineData("https://odirouter.ai/model/v1/queue/flux", "https://odirouter.ai/, and specify the model")]
    public void An_invalid_path_is_refused_with_the_address_that_was_probably_meant(string given, string part)
    {
        var address = new Uri(given);

        var error = Assert.Throws<NanoBananaException>(() => Options(address).Check());

        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://user:pw@odirouter.ai/model")]
    [InlineData("https://odirouter.ai/model?key=pw")]
    [InlineData("https://odirouter.ai/docs#pw")]
    public void A_possible_secret_is_not_repeated_in_the_message(string given) =>
        Assert.DoesNotContain(
            "pw", Assert.Throws<NanoBananaException>(() => Options(new Uri(given)).Check()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("somewhere")]
    [InlineData("ftp://odirouter.ai/model")]
    [InlineData("not an.address")]
    [InlineData("odirouter ai/model")]
    [InlineData("/model")]
    public void A_text_that_is_not_an_address_is_refused(string given) => Assert.Contains(
        "is not an absolute http or https address",
        Assert.Throws<NanoBananaException>(() => Options(new Uri(given, UriKind.RelativeOrAbsolute)).Check()).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_text_of_the_options_does_not_contain_the_address_problem() =>
        Assert.DoesNotContain("roblem", Options(new Uri("https://odirouter.ai/docs")).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://gw.corp/model/v1/queue", ApiProtocol.Generation)]
    [InlineData("https://cloud.vtrix.ai/model/v1/generation", ApiProtocol.Queue)]
    public void A_protocol_that_contradicts_the_path_is_refused(string given, ApiProtocol protocol)
    {
        var error = Assert.Throws<NanoBananaException>(() => (Options(new Uri(given)) with { Protocol = protocol }).Check());

        Assert.Contains($"-Protocol is {protocol}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://odirouter.ai/", "https://api.odirouter.ai/", true)]
    [InlineData("https://www.odirouter.ai/model", "https://cloud.seaart.ai/", true)]
    [InlineData("https://vtrix.ai/", "https://cloud.vtrix.ai/", true)]
    [InlineData("https://cloud.vtrix.ai/", "https://cloud.seaart.ai/", false)]
    [InlineData("https://openresty-gateway.api.seaart.ai/", "https://cloud.seaart.ai/", false)]
    [InlineData("https://odirouter.ai:8443/", "https://api.odirouter.ai/", false)]
    [InlineData("https://odirouter.ai.example/", "https://odirouter.ai/", false)]
    public void A_task_belongs_to_its_service_under_every_host_name(string made, string connected, bool isSame)
    {
        var task = new ImageTask { Id = "d758n65e", Status = ImageTaskStatus.Running, Endpoint = new Uri(made) };

        Exception? error = Record.Exception(
            () => new PurchaseServices(submitter: null!, poller: null!, Options(new Uri(connected))).CheckOrigin(task));

        Assert.Equal(isSame, error is null);
    }

    private static NanoBananaClientOptions Options(Uri endpoint) => new() { ApiKey = new ApiKey("key-of-the-tests"), Endpoint = endpoint };
}
