using CsCheck;
using NanoBanana.Client.Http;
using NanoBanana.Client.Wire;
using NanoBanana.Lab;
using NanoBanana.Lab.Fuzz;

namespace NanoBanana.Client.Tests.Properties;

/// <summary>
/// For every answer of a server, the readers throw only their own exception, and the values that they return are safe.
/// <c>dotnet run -c Release --project tests/NanoBanana.Lab -- fuzz</c> reads a million of these bodies.
/// </summary>
public sealed class ReaderProperties
{
    [Fact]
    public void An_invalid_answer_is_read_or_refused() => Gen.Select(Gen.Int, Gen.OneOf(KnownAnswers.Dialects.ToArray()))
        .Sample((number, dialect) => ReaderCheck.Run(dialect, BodyMutator.Make(seed: 7, number)), iter: 3000);

    [Fact]
    public void Random_bytes_are_refused() => Gen.Select(Gen.Byte.Array[0, 200], Gen.OneOf(KnownAnswers.Dialects.ToArray()))
        .Sample((body, dialect) => ReaderCheck.Run(dialect, body), iter: 3000);

    [Fact]
    public void A_number_always_generates_the_same_body()
    {
        for (int number = 0; number < 100; number++)
            Assert.Equal(BodyMutator.Make(7, number), BodyMutator.Make(7, number));
        Assert.True(Enumerable.Range(0, 100).Select(n => Convert.ToHexString(BodyMutator.Make(7, n))).Distinct().Count() > 95);
    }

    /// <summary>The check must be able to fail. Otherwise a million bodies prove nothing.</summary>
    [Fact]
    public void A_reader_that_violates_its_contract_is_detected()
    {
        Assert.Throws<LabException>(() => ReaderCheck.Run(new Broken(_ => throw new FormatException("x")), []));
        Assert.Throws<LabException>(() => ReaderCheck.Run(new Broken(_ => Reading() with { Text = "\u001B[2J" }), []));
        Assert.Throws<LabException>(() => ReaderCheck.Run(new Broken(_ => Reading() with { TotalTokens = -1 }), []));
        Assert.Throws<LabException>(() => ReaderCheck.Run(new Broken(_ => Reading() with { TextUrl = new Uri("file:///etc/passwd") }), []));
        ReaderCheck.Run(new Broken(_ => Reading()), []);
    }

    private static TaskReading Reading() => new() { Id = "t", RawStatus = "completed", Status = ImageTaskStatus.Completed };

    private sealed class Broken(Func<WireReply, TaskReading> read) : IWireDialect
    {
        private readonly GenerationDialect _sound = new();

        public ApiProtocol Protocol => _sound.Protocol;

        public WireCall Submit(ImageRequest request) => _sound.Submit(request);

        public TaskReading ReadSubmitted(WireReply reply) => read(reply);

        public WireCall Poll(string id, string? model) => _sound.Poll(id, model);

        public TaskReading ReadPolled(WireReply reply) => read(reply);

        public WireCall? Result(string id, string? model) => _sound.Result(id, model);

        public TaskReading ReadResult(WireReply reply) => read(reply);

        public WireCall? Cancel(string id, string? model) => _sound.Cancel(id, model);
    }
}
