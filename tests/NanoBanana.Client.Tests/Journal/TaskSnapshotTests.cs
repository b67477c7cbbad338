using System.Reflection;
using System.Text.Json;
using NanoBanana.Client.Journal;

namespace NanoBanana.Client.Tests.Journal;

public sealed class TaskSnapshotTests
{
    [Fact]
    public void A_task_with_every_property_is_written_like_the_serializer_writes_it()
    {
        ImageTask task = new()
        {
            Prompt = "snow \u2744 \"quoted\" \n", Model = "m", AspectRatio = "16:9", Resolution = "2K",
            ResponseModality = ["IMAGE", "TEXT"],
            ImageUrl = ["https://x.example/1.png"], ImagePath = ["/in/1.png"], Name = "n", Variation = "v", Batch = "b", InputIndex = 7,
            Id = "id1", Status = ImageTaskStatus.Completed, RawStatus = "completed", Progress = 0.5, QueuePosition = 3,
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)), CompletedAt = DateTimeOffset.UnixEpoch,
            Elapsed = TimeSpan.FromMilliseconds(90061001),
            Image =
            [
                new ImageOutput
                {
                    Url = new Uri("https://x.example/a b.png"), IsInline = true, Id = "i", ContentType = "image/png", FileName = "f",
                    FileSize = 1L << 40, Width = 2, Height = 3,
                },
                new ImageOutput { Url = new Uri("https://x.example/2.png") },
            ],
            Text = "t", TextUrl = new Uri("https://x.example/text"), PromptTokens = 1, CompletionTokens = 2, TotalTokens = 3, Cost = 0.10m,
            Error = new ImageTaskError { Code = "c", Message = "m", Meaning = "e", Advice = "a" },
            Metadata = new Dictionary<string, object?>
            {
                ["n"] = 1L, ["d"] = 0.5, ["b"] = true, ["none"] = null, ["list"] = new object?[] { "a" },
                ["table"] = new Dictionary<string, object?> { ["k"] = "v" },
            },
            Verdict = new ImageTaskVerdict { IsBought = true, By = "me", At = DateTimeOffset.UnixEpoch }, RequestId = "r",
            Endpoint = new Uri("https://api.example/"), Protocol = ApiProtocol.Generation,
        };
        // A new property must be set here and be in the snapshot.
        Assert.Empty(
            from property in typeof(ImageTask).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            where property.CanWrite && property.GetValue(task) is null
            select property.Name);
        Assert.Equal(Fields(JsonSerializer.Serialize(task, TaskSnapshotContext.Default.ImageTask)), Fields(TaskSnapshot.Write(task)));
    }

    [Fact]
    public void A_task_with_few_properties_is_written_like_the_serializer_writes_it()
    {
        ImageTask task = new() { Id = "", Status = ImageTaskStatus.Submitting };
        Assert.Equal(Fields(JsonSerializer.Serialize(task, TaskSnapshotContext.Default.ImageTask)), Fields(TaskSnapshot.Write(task)));
    }

    private static IEnumerable<string> Fields(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        IEnumerable<string> fields = document.RootElement.EnumerateObject().Select(field => $"{field.Name}={field.Value.GetRawText()}");
        return [.. fields.Order(StringComparer.Ordinal)];
    }
}
