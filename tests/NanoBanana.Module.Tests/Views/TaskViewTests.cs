namespace NanoBanana.Module.Tests.Views;

[Collection(ProcessWide.Name)]
public sealed class TaskViewTests
{
    private const string Tasks = """
        $long = 'A red fox asleep in fresh snow, morning light, 85mm lens, shallow depth of field, and a lot more to be seen'
        $failure = [NanoBanana.ImageTaskError]@{ Code = '005001095'; Message = 'Internal generation error' }
        $tasks = @(
            [NanoBanana.ImageTask]@{ Id = 'd758n65e878c73cmdg20'; Status = 'Completed'; Prompt = $long; AspectRatio = '8:1'; Resolution = '4K'; Elapsed = '00:00:08.44' }
            [NanoBanana.ImageTask]@{ Id = 'd758n65e878c73cmdg21'; Status = 'Running'; Progress = 0.45; Prompt = "two`nlines"; Resolution = '2K'; Elapsed = '00:02:05' }
            [NanoBanana.ImageTask]@{ Id = 'd758n65e878c73cmdg22'; Status = 'Failed'; Prompt = 'an owl'; AspectRatio = '1:1'; Elapsed = '01:02:03'; Error = $failure }
            [NanoBanana.ImageTask]@{ Id = 'd758n65e878c73cmdg23'; Status = 'Pending'; Prompt = '一只红色的狐狸睡在新雪中，晨光，85毫米镜头，浅景深，构图极简，背景是远山和松树' }
            [NanoBanana.ImageTask]@{ Id = 'd758n65e878c73cmdg24'; Status = 'Unknown'; Prompt = 'x' + '😀' * 40 }
            [NanoBanana.ImageTask]@{ Id = 'd758n65e878c73cmdg25'; Status = 'Canceled' }
        )
        """;

    [Fact]
    public void Tasks_are_a_table_of_a_hundred_columns_with_the_reason_below_a_failed_one() => Assert.Equal(
        """
        Id                   Status      Elapsed     Pixels Prompt
        --                   ------      -------     ------ ------
        d758n65e878c73cmdg20 Completed     8.4 s 12288x1536 A red fox asleep in fresh snow, morning light,…
        d758n65e878c73cmdg21 Running 45%  2m 05s         2K two lines
        d758n65e878c73cmdg22 Failed       1h 02m  1024x1024 an owl
                                                            005001095 Internal generation error
        d758n65e878c73cmdg23 Pending                        一只红色的狐狸睡在新雪中，晨光，85毫米镜头，浅…
        d758n65e878c73cmdg24 Unknown                        x😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀…
        d758n65e878c73cmdg25 Canceled
        """, Show("$tasks"));

    [Theory]
    [InlineData(80, "A red fox asleep in fresh …")]
    [InlineData(160, "A red fox asleep in fresh snow, morning light, 85mm lens, shallow depth of field, and a lot more to be seen")]
    public void The_prompt_takes_what_is_left_of_the_line(int width, string prompt)
    {
        string row = Show("$tasks[0]", width).Split('\n')[2];

        Assert.EndsWith(" " + prompt, row);
        Assert.True(row.Length < width);
    }

    [Theory]
    [InlineData("Prompt")]
    [InlineData("Name")]
    [InlineData("Batch")]
    [InlineData("Text")]
    [InlineData("Model")]
    public void A_list_shows_text_from_anywhere_without_what_moves_a_terminal(string property)
    {
        string list = ShowList($$"""[NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Completed'; {{property}} = "a`e[2J`e]0;x`a$([char]0x9b)31m$([char]0x202e) fox" }""");

        Assert.Contains("a[2J]0;x31m fox", list, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_are_shown_as_they_are_sent()
    {
        string list = ShowList("[NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Completed'; TextUrl = 'https://a.example/%E2%80%AEx' }");

        Assert.Contains("https://a.example/%E2%80%AEx", list, StringComparison.Ordinal);
        Assert.Equal("https://a.example/%E2%80%AEy", Show("\"$([NanoBanana.ImageOutput]@{ Url = 'https://a.example/%E2%80%AEy' })\""));
    }

    [Fact]
    public void A_long_id_shows_its_end_on_one_line_and_a_queued_task_its_place() => Assert.Equal(
        """
        Id                   Status      Elapsed     Pixels Prompt
        --                   ------      -------     ------ ------
        …9k3m5n8p2q4r6s8t0v1 Pending #12   0.5 s            a fox
        mmsu_01hx7z9k3m5n8p2 Pending                        an owl
        """, Show("""
            [NanoBanana.ImageTask]@{ Id = 'mmsu_01hx7z9k3m5n8p2q4r6s8t0v1'; Status = 'Pending'; QueuePosition = 12; Prompt = 'a fox'; Elapsed = '00:00:00.5' }
            [NanoBanana.ImageTask]@{ Id = 'mmsu_01hx7z9k3m5n8p2'; Status = 'Pending'; QueuePosition = 0; Prompt = 'an owl' }
            """));

    [Fact]
    public void A_list_shows_a_long_id_whole_with_its_protocol()
    {
        string list = ShowList("[NanoBanana.ImageTask]@{ Id = 'mmsu_01hx7z9k3m5n8p2q4r6s8t0v1'; Status = 'Pending'; QueuePosition = 2; Protocol = 'Queue' }");

        Assert.Contains("Id            : mmsu_01hx7z9k3m5n8p2q4r6s8t0v1", list, StringComparison.Ordinal);
        Assert.Contains("QueuePosition : 2", list, StringComparison.Ordinal);
        Assert.Contains("Protocol      : Queue", list, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_shows_what_is_set_and_nothing_else() => Assert.Equal(
        """
        Id          : d758n65e878c73cmdg26
        Status      : Failed
        Error       : 005001095 Internal generation error
        Name        : owl
        Prompt      : an owl
        AspectRatio : 1:1
        Pixels      : 1024x1024
        ImageUrl    : {https://host/a.png, data:image/png;base64,AAAAAAAAAAAAAAAAA…}
        CreatedAt   : 01/31/2026 10:00:00 +00:00
        Elapsed     : 1m 00s
        """,
        ShowList("""
            [NanoBanana.ImageTask]@{
                Id = 'd758n65e878c73cmdg26'; Status = 'Failed'; Prompt = 'an owl'; Name = 'owl'; AspectRatio = '1:1'; Elapsed = '00:00:59.96'
                Error = $failure; CreatedAt = [DateTimeOffset]'2026-01-31T10:00:00Z'
                ImageUrl = [string[]]('https://host/a.png', ('data:image/png;base64,' + 'A' * 5000000))
            }
            """));

    [Fact]
    public void Every_property_that_is_set_is_in_the_list()
    {
        string shown = ShowList("""
            [NanoBanana.ImageTask]@{
                Id = 'x'; Status = 'Completed'; RawStatus = 'completed'; Prompt = 'p'; Model = 'm'; AspectRatio = '1:1'; Resolution = '1K'
                ResponseModality = [string[]]('Text', 'Image'); ImageUrl = [string[]]'https://host/a.png'; Name = 'n'; Batch = 'b'; InputIndex = 1; Progress = 1
                CreatedAt = [DateTimeOffset]::Now; CompletedAt = [DateTimeOffset]::Now; Elapsed = '00:00:01'; Text = 't'; TextUrl = 'https://host/t'
                PromptTokens = 1; CompletionTokens = 2; TotalTokens = 3; Cost = 4; Error = $failure; RequestId = 'r'; Endpoint = 'https://host/'
            }
            """);
        string[] labels = [.. shown.Split('\n').Where(line => line.Contains(" : ")).Select(line => line.Split(" : ")[0].Trim())];

        Assert.Equal(
            ["Id", "Status", "Error", "Name", "Batch", "InputIndex", "Prompt", "AspectRatio", "Resolution", "Pixels", "ResponseModality", "ImageUrl", "Model", "CreatedAt", "CompletedAt", "Elapsed", "Text", "TextUrl", "PromptTokens", "CompletionTokens", "TotalTokens", "Cost", "RawStatus", "RequestId", "Endpoint"],
            labels);
    }

    [Theory]
    [InlineData("Completed", "\u001b[32mCompleted\u001b[0m")]
    [InlineData("Running", "\u001b[36mRunning\u001b[0m")]
    [InlineData("Failed", "\u001b[31;1mFailed\u001b[0m")]
    [InlineData("Unknown", "\u001b[33;1mUnknown\u001b[0m")]
    [InlineData("Canceled", "\u001b[33mCanceled\u001b[0m")]
    public void A_status_has_its_colour_on_a_screen_that_can_show_it(string status, string shown)
    {
        using var shell = new ViewShell(inColour: true);

        Assert.Contains(shown, shell.ShowOnScreen($"[NanoBanana.ImageTask]@{{ Id = 'x'; Status = '{status}' }}"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("$PSStyle.OutputRendering = 'PlainText'", true)]
    [InlineData("$env:NO_COLOR = '1'", true)]
    public void There_is_no_colour_where_none_is_wanted(string setting, bool inColour)
    {
        using var shell = new ViewShell(inColour: inColour);
        try
        {
            shell.Run(setting);

            Assert.DoesNotContain("\u001b[32mCompleted", shell.ShowOnScreen("[NanoBanana.ImageTask]@{ Id = 'x'; Status = 'Completed' }"));
        }
        finally
        {
            shell.Run("$PSStyle.OutputRendering = 'Host'; $env:NO_COLOR = $null");
        }
    }

    [Fact]
    public void Strict_mode_and_a_variable_named_like_ours_change_nothing()
    {
        using var shell = new ViewShell();

        string shown = shell.Show("Set-StrictMode -Version Latest; $engine = $task = $null; [NanoBanana.ImageTask]@{ Id = 'x'; Status = 'Completed'; Prompt = 'a fox' }");

        Assert.Contains("Completed", shown);
        Assert.Contains("a fox", shown);
    }

    [Fact]
    public void Two_tasks_are_compared_by_their_ids()
    {
        using var shell = new ViewShell();

        Assert.Equal("Id", shell.Run("([NanoBanana.ImageTask]@{ Id = 'x'; Status = 'Pending' }).PSStandardMembers.DefaultKeyPropertySet.ReferencedPropertyNames")[0].BaseObject);
    }

    private static string ShowList(string script)
    {
        using var shell = new ViewShell();
        shell.Run(Tasks);
        return shell.ShowList(script);
    }

    private static string Show(string script, int width = 100)
    {
        using var shell = new ViewShell(width);
        shell.Run(Tasks);
        return shell.Show(script);
    }
}
