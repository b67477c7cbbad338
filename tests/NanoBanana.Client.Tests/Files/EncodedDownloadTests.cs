using System.IO.Compression;
using System.Text;

namespace NanoBanana.Client.Tests.Files;

/// <summary>Compressed downloads and answers that were not requested in compressed form.</summary>
public sealed class EncodedDownloadTests : IDisposable
{
    private static readonly byte[] Whole = TestImages.Png(5000);

    private readonly TestBench _bench = new(o => o with { MaximumImageBytes = 100_000 });
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _bench.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("identity")]
    [InlineData("gzip, br")]
    [InlineData("GZIP,gzip")]
    public async Task An_encoded_image_is_decoded(string encodings)
    {
        _bench.Downloads.Script(Encoded(Whole, encodings));

        await SaveAsync();

        Assert.Equal(Whole, _folder.Read("task1.png"));
        Assert.Equal("identity", _bench.Downloads.Requests[0].Header("Accept-Encoding"));
    }

    [Fact]
    public async Task An_image_that_exceeds_the_limit_after_decoding_is_not_saved()
    {
        _bench.Downloads.Script(Encoded([.. Whole, .. new byte[20_000_000]], "gzip"));

        NanoBananaException error = await FailAsync();

        Assert.Contains("larger than 100000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task A_broken_encoded_download_restarts_without_a_range()
    {
        byte[] packed = Pack(Whole, "gzip");
        _bench.Downloads.Script(
            Answer.Bytes(packed[..(packed.Length / 2)]).With("Content-Encoding", "gzip").With("ETag", "\"v1\""),
            Encoded(Whole, "gzip").With("ETag", "\"v1\""));

        await SaveAsync();

        Assert.Equal(Whole, _folder.Read("task1.png"));
        Assert.Null(_bench.Downloads.Requests[1].Header("Range"));
    }

    [Fact]
    public async Task An_encoded_part_is_not_appended()
    {
        _bench.Downloads.Script(
            Answer.Stream(() => new MemoryStream(Whole[..2000]), Whole.Length).With("ETag", "\"v1\""),
            Answer.Bytes(Pack(Whole[2000..], "gzip"), status: 206)
                .With("Content-Encoding", "gzip").With("ETag", "\"v1\"").With("Content-Range", "bytes 2000-4999/5000"),
            Answer.Bytes(Whole));

        await SaveAsync();

        Assert.Equal(Whole, _folder.Read("task1.png"));
        Assert.Equal(3, _bench.Downloads.Requests.Count);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip, gzip, gzip, gzip")]
    public async Task An_unknown_encoding_is_one_error_after_one_request(string encodings)
    {
        _bench.Downloads.Script(Answer.Bytes(Whole).With("Content-Encoding", encodings));

        NanoBananaException error = await FailAsync();

        Assert.Equal(NanoBananaErrorKind.DownloadFailed, error.Kind);
        Assert.Contains("content encoding", error.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Downloads.Requests);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task An_encoded_answer_is_decoded(string encodings)
    {
        _bench.Api.Script(Encoded("""{"id":"t1","status":"in_progress"}"""u8.ToArray(), encodings));

        Assert.Equal("t1", (await _bench.SubmitAsync()).Id);
    }

    [Fact]
    public async Task The_size_limit_of_an_encoded_answer_applies_to_the_decoded_bytes()
    {
        _bench.Api.Script(Encoded(Encoding.UTF8.GetBytes($$"""{"id":"t1","x":"{{new string(' ', 40_000_000)}}"}"""), "gzip"));

        Assert.Equal(NanoBananaErrorKind.SubmissionUnknown, (await _bench.FailToSubmitAsync()).Kind);
    }

    private static Answer Encoded(byte[] body, string encodings) =>
        Answer.Bytes(encodings.Split(',').Aggregate(body, (bytes, name) => Pack(bytes, name.Trim()))).With("Content-Encoding", encodings);

    private static byte[] Pack(byte[] body, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding.ToUpperInvariant() switch
        {
            "DEFLATE" => new ZLibStream(packed, CompressionLevel.Optimal),
            "BR" => new BrotliStream(packed, CompressionLevel.Optimal),
            "IDENTITY" => packed,
            _ => new GZipStream(packed, CompressionLevel.Optimal),
        })
        {
            stream.Write(body);
        }
        return packed.ToArray();
    }

    private Task SaveAsync() =>
        _bench.SaveAsync(TestBench.CreateCompletedTask("https://cdn.example/p.png"), _folder.Target()).WaitAsync(TimeSpan.FromSeconds(60));

    private async Task<NanoBananaException> FailAsync() => await Assert.ThrowsAsync<NanoBananaException>(SaveAsync);
}
