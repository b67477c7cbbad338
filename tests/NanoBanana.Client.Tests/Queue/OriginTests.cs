using NanoBanana.Client.Http;

namespace NanoBanana.Client.Tests.Queue;

/// <summary>Which host uses which protocol, and that a task belongs to its own endpoint and protocol.</summary>
public sealed class OriginTests : QueueTest
{
    [Theory]
    [InlineData("https://cloud.seaart.ai/", ApiProtocol.Queue)]
    [InlineData("https://ODIROUTER.ai", ApiProtocol.Queue)]
    [InlineData("https://odirouter.ai/some/path", ApiProtocol.Queue)]
    [InlineData("https://cloud.vtrix.ai/", ApiProtocol.Generation)]
    [InlineData("https://odirouter.ai.example/", ApiProtocol.Generation)]
    [InlineData("https://api.example/", ApiProtocol.Generation)]
    [InlineData("somewhere", ApiProtocol.Generation)]
    public void A_known_host_implies_its_protocol(string endpoint, ApiProtocol protocol) =>
        Assert.Equal(protocol, KnownEndpoints.ProtocolOf(new Uri(endpoint, UriKind.RelativeOrAbsolute)));

    [Fact]
    public void Each_protocol_has_a_default_address()
    {
        Assert.Equal(NanoBananaClientOptions.DefaultEndpoint, KnownEndpoints.Of(ApiProtocol.Generation));
        Assert.Equal(new Uri("https://cloud.seaart.ai/"), KnownEndpoints.Of(ApiProtocol.Queue));
    }

    [Fact]
    public void A_task_of_another_protocol_or_endpoint_is_refused_with_advice()
    {
        ImageTask own = CreateTask() with { Endpoint = new Uri("https://api.example/") };
        Bench.Client.CheckOrigin(own);
        Bench.Client.CheckOrigin(own with { Protocol = null, Endpoint = null });

        var dialect = Assert.Throws<NanoBananaException>(() => Bench.Client.CheckOrigin(own with { Protocol = ApiProtocol.Generation }));
        Assert.Equal((NanoBananaErrorKind.InvalidRequest, QueueAnswer.Id), (dialect.Kind, dialect.TaskId));
        Assert.Contains("Connect with -Protocol Generation", dialect.Message, StringComparison.Ordinal);

        var endpoint = Assert.Throws<NanoBananaException>(
            () => Bench.Client.CheckOrigin(own with { Endpoint = new Uri("https://other.example/") }));
        Assert.Contains("https://other.example/", endpoint.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_given_only_by_id_has_the_protocol_of_the_client() => Assert.Equal(ApiProtocol.Queue, CreateTaskWithId().Protocol);
}
