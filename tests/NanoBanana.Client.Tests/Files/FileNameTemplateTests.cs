using System.Globalization;
using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

public sealed class FileNameTemplateTests
{
    private static readonly ImageTask Fox = new()
    {
        Id = "d758", Status = ImageTaskStatus.Completed, Prompt = "A red fox, in the snow", Name = "fox", Batch = "night", InputIndex = 7,
        AspectRatio = "16:9", Resolution = "2K", CreatedAt = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero),
    };

    [Theory]
    [InlineData("{name}-{id}", "fox-d758")]
    [InlineData("{index:000}-{prompt}", "007-a-red-fox-in-the-snow")]
    [InlineData("{NAME} {Index}", "fox 7")]
    [InlineData("{aspect}_{resolution}_{batch}", "16x9_2K_night")]
    [InlineData("{date:yyyy}", "2026")]
    [InlineData("image", "image")]
    [InlineData("{image:00}", "01")]
    public void Fields_are_replaced_by_their_values(string template, string expected) =>
        Assert.Equal(expected, FileNameTemplate.Parse(template).Expand(Fox, 0));

    [Fact]
    public void The_date_is_in_local_time() =>
        Assert.Equal(
            Fox.CreatedAt!.Value.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            FileNameTemplate.Parse("{date}").Expand(Fox, 0));

    [Fact]
    public void Slashes_create_folders()
    {
        string expected = Path.Combine("night", "16x9", "fox");

        Assert.Equal(expected, FileNameTemplate.Parse("{batch}/{aspect}/{name}").Expand(Fox, 0));
        Assert.Equal(expected, FileNameTemplate.Parse(@"{batch}\{aspect}\{name}").Expand(Fox, 0));
    }

    [Fact]
    public void Without_a_name_the_prompt_is_used_and_without_both_the_word_image()
    {
        Assert.Equal("a-red-fox-in-the-snow-d758", FileNameTemplate.Default.Expand(Fox with { Name = null }, 0));
        Assert.Equal("image-d758", FileNameTemplate.Default.Expand(Fox with { Name = " ", Prompt = "!?" }, 0));
        Assert.Equal("image-d758", FileNameTemplate.Default.Expand(new ImageTask { Id = "d758", Status = ImageTaskStatus.Completed }, 0));
    }

    [Theory]
    [InlineData("{name}", "fox", "fox-2")]
    [InlineData("{name}_{image}", "fox_1", "fox_2")]
    public void A_second_image_gets_a_different_name(string template, string first, string second)
    {
        FileNameTemplate parsed = FileNameTemplate.Parse(template);

        Assert.Equal((first, second), (parsed.Expand(Fox, 0), parsed.Expand(Fox, 1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../{name}")]
    [InlineData("a/../../{name}")]
    [InlineData(@"..\{name}")]
    [InlineData("/{name}")]
    [InlineData("{name}/")]
    [InlineData("a//b")]
    public void A_template_that_is_empty_or_leaves_the_destination_is_refused(string template) =>
        Assert.Contains("is empty, or its path leaves the destination", Refused(template), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_field_is_refused_with_a_list_of_known_fields()
    {
        string message = Refused("{nmae}-{id}");

        Assert.Contains("'{nmae}'", message, StringComparison.Ordinal);
        Assert.Contains(
            "{name}, {source}, {index}, {variation}, {id}, {prompt}, {batch}, {image}, {aspect}, {resolution}, {date}, {next}",
            message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{name")]
    [InlineData("name}")]
    [InlineData("{{name}}")]
    [InlineData("{}")]
    [InlineData("{date:yyyy/MM/dd}")]
    [InlineData(@"{date:yyyy\MM}")]
    [InlineData("{na/me}")]
    public void An_unmatched_brace_is_refused(string template) => Assert.NotEmpty(Refused(template));

    [Theory]
    [InlineData("{index:Q}")]
    [InlineData("{date:q}")]
#if NET // .NET Framework outputs this many digits as text.
    [InlineData("{image:X9999999999}")]
#endif
    public void An_unusable_format_is_refused(string template) =>
        Assert.Contains("has a format that is not valid", Refused(template), StringComparison.Ordinal);

    public static TheoryData<string> HostileTexts =>
    [
        "..", "../..", "../../../../etc/passwd", "/etc/passwd", @"..\..\x", @"C:\x", @"\\server\share\x", "C:x", "//server/share", ".",
        "...", "~", "~/x", "a/b",
        "CON", "nul", "\0", "a\0/../b", "\n", "\u202E", "x\u2044y", "\u2215etc\u2215", "．．／etc", "%2e%2e%2f", "$HOME", "{id}", "{", "-rf",
        ". .", " ", "",
        "\u2024\u2024/x", "a:b", "file://x", "x\u0000.png",
    ];

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void For_every_field_value_the_image_stays_below_the_destination(string text)
    {
        string root = Path.GetFullPath("destination") + Path.DirectorySeparatorChar;
        ImageTask task = Fox with { Id = text, Name = text, Prompt = text, Batch = text, AspectRatio = text, Resolution = text };
        string[] templates =
        [
            "{name}", "{id}", "{batch}/{id}", "{prompt}/{name}", "{aspect}/{resolution}/x", "{name}{id}", "a{batch}", ".{name}", "{batch}.",
            "{name}/{batch}/{id}",
        ];
        foreach (string template in templates)
        {
            string path = FileNameTemplate.Parse(template).Expand(task, 1);

            Assert.StartsWith(root, Path.GetFullPath(Path.Combine("destination", path)), StringComparison.Ordinal);
            Assert.Equal(template.Count(c => c == '/'), path.Count(c => c == Path.DirectorySeparatorChar));
            Assert.DoesNotContain(path, c => char.IsControl(c));
            Assert.All(
                path.Split(Path.DirectorySeparatorChar),
                segment => Assert.False(segment.Length == 0 || segment.Trim(' ', '.') != segment, $"'{segment}'"));
        }
    }

    private static string Refused(string template)
    {
        var error = Assert.Throws<NanoBananaException>(() => FileNameTemplate.Parse(template));
        Assert.Equal(NanoBananaErrorKind.InvalidRequest, error.Kind);
        return error.Message;
    }

    [Theory]
    [InlineData("{name}-{id}", true)]
    [InlineData("{date:yyyy}/{prompt}-{ID}.png", true)]
    [InlineData("{id}-{name}", false)]
    [InlineData("{id}/{name}", false)]
    [InlineData("{name}-{id}x", false)]
    [InlineData("id", false)]
    public void A_name_ends_with_the_id_only_if_the_last_field_of_the_last_segment_is_the_id(string template, bool expected) =>
        Assert.Equal(expected, FileNameTemplate.Parse(template).EndsWithId);
}
