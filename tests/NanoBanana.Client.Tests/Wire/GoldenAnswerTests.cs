using NanoBanana.Client.Wire;

namespace NanoBanana.Client.Tests.Wire;

/// <summary>Answers of the provider in documented shapes.</summary>
public sealed class GoldenAnswerTests
{
    private const string CompletedBody = """
        {
          "id": "d758n65e878c73cmdg20", "model": "nano_banana_2", "status": "completed",
          "created_at": 1775831525, "completed_at": "2026-04-10T14:32:17.5Z",
          "output": [
            {"content": [
              {"type": "text", "text": "Here is your fox."},
              {"type": "image", "url": "https://cdn.example/a.png?sig=1%2F2&x=y", "id": "out-1", "img_id": 42,
               "content_type": "image/png", "file_name": "a.png", "width": 2752, "height": 1536},
              {"type": "hologram", "url": "https://cdn.example/h"}
            ]},
            {"content": [
              {"type": "text", "text": "And another."},
              {"type": "text", "url": "https://cdn.example/a.txt"},
              {"type": "image", "url": "https://cdn.example/b.jpg", "img_id": 43},
              {"type": "image", "url": "not an address"},
              {"type": "image"}
            ]}
          ],
          "usage": {"prompt_tokens": 12, "completion_tokens": 1120, "total_tokens": 1132,
                    "cost": "0.0675", "unit_price": "0.06", "quantity": 1},
          "metadata": {"seed": 7, "ratio": 1.5, "tags": ["a", true, null], "nested": {"k": "v"}},
          "request_id": "req-1",
          "something_new": {"a": [1]}
        }
        """;

    [Fact]
    public void An_accepted_submission_is_a_task_with_id_status_and_time()
    {
        TaskReading reading = Reading.Submitted(
            """{"id":"d758n65e878c73cmdg20","created_at":1775831525,"status":"in_progress","model":"nano_banana_2"}""");

        Assert.Equal("d758n65e878c73cmdg20", reading.Id);
        Assert.Equal(ImageTaskStatus.Running, reading.Status);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1775831525), reading.CreatedAt);
        Assert.Equal("nano_banana_2", reading.Model);
    }

    [Fact]
    public void A_running_task_has_its_progress()
    {
        ImageTask task = Reading.Snapshot("""{"id":"t","status":"in_progress","progress":0.25}""");

        Assert.Equal(ImageTaskStatus.Running, task.Status);
        Assert.Equal(0.25, task.Progress);
        Assert.Null(task.CompletedAt);
    }

    [Fact]
    public void A_completed_task_has_its_images_in_order()
    {
        IReadOnlyList<ImageOutput> images = Reading.Polled(CompletedBody).Image;

        Assert.Equal(
            [
                new ImageOutput
                {
                    Url = new Uri("https://cdn.example/a.png?sig=1%2F2&x=y"), Id = "out-1", ContentType = "image/png", FileName = "a.png",
                    Width = 2752, Height = 1536,
                },
                new ImageOutput { Url = new Uri("https://cdn.example/b.jpg"), Id = "43" },
            ],
            images);
        Assert.Equal("https://cdn.example/a.png?sig=1%2F2&x=y", images[0].Url.AbsoluteUri);
    }

    [Fact]
    public void A_completed_task_has_the_text_of_the_model_and_its_address()
    {
        ImageTask task = Reading.Snapshot(CompletedBody);

        Assert.Equal("Here is your fox.\nAnd another.", task.Text);
        Assert.Equal(new Uri("https://cdn.example/a.txt"), task.TextUrl);
    }

    [Fact]
    public void A_completed_task_has_usage_cost_times_and_metadata()
    {
        ImageTask task = Reading.Snapshot(CompletedBody);

        Assert.Equal((12, 1120, 1132), (task.PromptTokens, task.CompletionTokens, task.TotalTokens));
        Assert.Equal(0.0675m, task.Cost);
        Assert.Equal(new DateTimeOffset(2026, 4, 10, 14, 32, 17, 500, TimeSpan.Zero), task.CompletedAt);
        Assert.Equal(task.CompletedAt - task.CreatedAt, task.Elapsed);
        Assert.Equal("req-1", task.RequestId);
        Assert.Equal(7L, task.Metadata!["seed"]);
        Assert.Equal(1.5, task.Metadata["ratio"]);
        Assert.Equal(new object?[] { "a", true, null }, Assert.IsType<object?[]>(task.Metadata["tags"]));
        Assert.Equal("v", Assert.IsType<Dictionary<string, object?>>(task.Metadata["nested"])["k"]);
        Assert.Null(task.Error);
    }

    [Theory]
    [InlineData("1775831525", "2026-04-10T14:32:05Z")]
    [InlineData("\"1775831525\"", "2026-04-10T14:32:05Z")]
    [InlineData("1775831525.25", "2026-04-10T14:32:05.25Z")]
    [InlineData("\"2026-04-10T14:32:05Z\"", "2026-04-10T14:32:05Z")]
    [InlineData("\"2026-04-10T14:32:05\"", "2026-04-10T14:32:05Z")]
    [InlineData("\"2026-04-10T16:32:05.123+02:00\"", "2026-04-10T14:32:05.123Z")]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("1e300", null)]
    [InlineData("253402300799.99997", "9999-12-31T23:59:59.999Z")]
    [InlineData("253402300800", null)]
    [InlineData("\"yesterday\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("{}", null)]
    public void A_time_is_Unix_seconds_or_ISO_8601_or_null(string json, string? expected)
    {
        DateTimeOffset? time = Reading.Polled($$"""{"status":"in_progress","created_at":{{json}}}""").CreatedAt;

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), time);
    }

    [Theory]
    [InlineData("pending", ImageTaskStatus.Pending)]
    [InlineData("queued", ImageTaskStatus.Pending)]
    [InlineData("IN_QUEUE", ImageTaskStatus.Pending)]
    [InlineData("in_progress", ImageTaskStatus.Running)]
    [InlineData("IN_PROGRESS", ImageTaskStatus.Running)]
    [InlineData("processing", ImageTaskStatus.Running)]
    [InlineData("completed", ImageTaskStatus.Completed)]
    [InlineData("Completed", ImageTaskStatus.Completed)]
    [InlineData("failed", ImageTaskStatus.Failed)]
    [InlineData("canceled", ImageTaskStatus.Canceled)]
    [InlineData("cancelled", ImageTaskStatus.Canceled)]
    [InlineData("rendering", ImageTaskStatus.Running)]
    public void Each_status_is_mapped_and_kept_as_text(string word, ImageTaskStatus status)
    {
        ImageTask task = Reading.Snapshot($$"""{"status":"{{word}}"}""");

        Assert.Equal(status, task.Status);
        Assert.Equal(word, task.RawStatus);
    }

    [Fact]
    public void A_byte_order_mark_is_ignored() =>
        Assert.Equal(ImageTaskStatus.Pending, Reading.Polled([0xEF, 0xBB, 0xBF, .. """{"status":"queued"}"""u8]).Status);

    [Fact]
    public void Text_of_the_provider_cannot_harm_a_terminal()
    {
        ImageTask task = Reading.Snapshot("""{"status":"failed\u001b[2J","error":{"message":"a\u001b]0;x\u0007\u202eb\nc"}}""");

        Assert.Equal("failed[2J", task.RawStatus);
        Assert.Equal("a]0;xb\nc", task.Error!.Message);
    }

    [Fact]
    public void A_truncated_answer_is_invalid_at_every_length()
    {
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(CompletedBody);
        for (int length = 0; length < whole.Length - 1; length++)
        {
            var error = Assert.Throws<NanoBananaException>(() => Reading.Polled(whole[..length]));
            Assert.Equal(NanoBananaErrorKind.InvalidResponse, error.Kind);
        }
    }
}
