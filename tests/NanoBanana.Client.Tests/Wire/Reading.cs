using System.Text;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Wire;

/// <summary>Reads bodies with a dialect, without a network.</summary>
internal static class Reading
{
    private static readonly GenerationDialect Dialect = new();

    public static TaskReading Polled(string body) => Polled(Encoding.UTF8.GetBytes(body));

    public static TaskReading Polled(byte[] body) => Dialect.ReadPolled(new WireReply(200, body));

    public static TaskReading Submitted(string body) => Dialect.ReadSubmitted(new WireReply(200, Encoding.UTF8.GetBytes(body)));

    /// <summary>The snapshot that a body creates from a task with a known id only.</summary>
    public static ImageTask Snapshot(string body) =>
        Polled(body).ToSnapshot(new ImageTask { Id = "task1", Status = ImageTaskStatus.Running }, DateTimeOffset.UnixEpoch, age: null);
}
