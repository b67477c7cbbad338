namespace NanoBanana.Module.Tests.Views;

[Collection(ProcessWide.Name)]
public sealed class TaskViewTests
{
    private const string Tasks = """
        $long = 'A red fox asleep in fresh snow, morning light, 85mm lens, shallow depth of field, and a lot more to be seen'
        $failure = [NanoBanana.ImageTaskError]@{ Code = '005001095'; Message = 'Internal generation error' }
        $tasks = @(
            [NanoBanana.ImageTask]@{
                Id = 'd758n65e878c73cmdg20'; Status = 'Completed'; Prompt = $long; AspectRatio = '8:1'; Resolution = '4K'
                Elapsed = '00:00:08.44'; CreatedAt = [DateTimeOffset]'2025-03-04T12:00:00Z' }
            [NanoBanana.ImageTask]@{
                Id = 'd758n65e878c73cmdg21'; Status = 'Running'; Progress = 0.45; Prompt = "two`nlines"; Resolution = '2K'
                Elapsed = '00:02:05' }
            [NanoBanana.ImageTask]@{
                Id = 'd758n65e878c73cmdg22'; Status = 'Failed'; Prompt = 'an owl'; AspectRatio = '1:1'
                Elapsed = '01:02:03'; Error = $failure }
            [NanoBanana.ImageTask]@{ Id = 'd758n65e878c73cmdg23'; Status = 'Pending'; Prompt = '一只红色的狐狸睡在新雪中，晨光，85毫米镜头，浅景深，构图极简，背景是远山和松树' }
            [NanoBanana.ImageTask]@{ Id = 'd758n65e878c73cmdg24'; Status = 'Unknown'; Prompt = 'x' + '😀' * 40 }
            [NanoBanana.ImageTask]@{ Id = 'd758n65e878c73cmdg25'; Status = 'Canceled' }
        )
        """;

    [Fact]
    public void Tasks_are_shown_as_a_table_with_the_error_below_a_failed_task() => Assert.Equal(
        """
        Id                   Status      Elapsed Created Prompt
        --                   ------      ------- ------- ------
        d758n65e878c73cmdg20 Completed     8.4 s 2025-03 A red fox asleep in fresh snow, morning light, 85…
        d758n65e878c73cmdg21 Running 45%  2m 05s         two lines
        d758n65e878c73cmdg22 Failed       1h 02m         an owl
                                                         005001095 Internal generation error
        d758n65e878c73cmdg23 Pending                     一只红色的狐狸睡在新雪中，晨光，85毫米镜头，浅景…
        d758n65e878c73cmdg24 Unknown                     x😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀…
        d758n65e878c73cmdg25 Canceled
        """, Show("$tasks"));

    [Theory]
    [InlineData(60, "A red fox…")]
    [InlineData(80, "A red fox asleep in fresh sno…")]
    [InlineData(160, "A red fox asleep in fresh snow, morning light, 85mm lens, shallow depth of field, and a lot more to be seen")]
    public void Prompt_uses_the_rest_of_the_line(int width, string prompt)
    {
        string row = Show("$tasks[0]", width).Split('\n')[2];

        Assert.EndsWith(" " + prompt, row);
        Assert.True(row.Length < width);
    }

    [Theory]
    [InlineData(60, "fox: A re…")]
    [InlineData(80, "fox: A red fox asleep in fres…")]
    [InlineData(120, "[catalog] fox: A red fox asleep in fresh snow, morning light, 85mm le…")]
    [InlineData(
        200, "[catalog] fox: A red fox asleep in fresh snow, morning light, 85mm lens, shallow depth of field, and a lot more to be seen")]
    public void Name_and_prompt_share_the_rest_of_the_line_and_a_wide_line_shows_the_batch(int width, string shown)
    {
        const string Task = "[NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Completed'; Prompt = $long; Name = 'fox'; Batch = 'catalog' }";
        string row = Show($"$tasks[0] = {Task}; $tasks[0]", width).Split('\n')[2];

        Assert.EndsWith(" " + shown, row);
        Assert.True(row.Length < width);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void Long_name_leaves_room_for_the_prompt_and_wide_characters_fit(int width)
    {
        string[] lines = Show("""
            foreach ($n in ('x' * 100 + 'end'), ('狐' * 50 + '尾')) {
                [NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Completed'; Prompt = '狐' * 200; Name = $n; Batch = '目录' * 40 }
            }
            """,
            width).Split('\n');

        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.True(line.Sum(c => c >= '\u1100' && c != '…' ? 2 : 1) < width, line));
        Assert.All(lines.Skip(2), line => Assert.Matches(@"…\S*: 狐", line));
    }

    [Fact]
    public void Task_without_a_prompt_shows_its_name() =>
        Assert.EndsWith(" fox", Show("[NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Completed'; Name = 'fox' }"));

    [Theory]
    [InlineData("[DateTimeOffset][DateTime]::Today.AddMinutes(605)", "10:05")]
    [InlineData("[DateTimeOffset]::new([DateTime]::Now.Year - 1, 3, 4, 12, 0, 0, 0)", @"\d{4}-03")]
    public void Time_of_today_is_shown_as_hour_and_an_older_one_as_date(string time, string shown) =>
        Assert.Matches(
            $" {shown} a fox$",
            Show($"[NanoBanana.ImageTask]@{{ Id = 'd758'; Status = 'Completed'; Prompt = 'a fox'; CreatedAt = {time} }}"));

    /// <summary>The error record and the list contain the complete message.</summary>
    [Fact]
    public void Table_shows_the_reason_of_a_failure_in_short()
    {
        const string task = """
            [NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Failed'; Prompt = 'an owl'; Error = [NanoBanana.ImageTaskError]@{
                Code = '190000'; Meaning = 'The input image could not be downloaded'
                Message = 'a long story ' + 'of the provider ' * 20 } }
            """;

        Assert.EndsWith("\n" + new string(' ', 49) + "190000 The input image could not be downloaded", Show(task, 200));
        Assert.Contains("a long story of the provider", ShowList(task), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Prompt")]
    [InlineData("Name")]
    [InlineData("Batch")]
    [InlineData("Text")]
    [InlineData("Model")]
    public void List_shows_untrusted_text_without_terminal_control_characters(string property)
    {
        string list = ShowList($$"""
            [NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Completed'
                {{property}} = "a`e[2J`e]0;x`a$([char]0x9b)31m$([char]0x202e) fox" }
            """);

        Assert.Contains("a[2J]0;x31m fox", list, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Format-Table")]
    [InlineData("Format-Wide -Column 1")]
    public void Table_and_wide_list_show_untrusted_text_on_one_line_without_terminal_control_characters(string format)
    {
        string shown = Show($$"""
            $evil = "a`e[2J`e]0;x`a`n$([char]0x9b)31m$([char]0x202e)b"
            [NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Failed'; Prompt = $evil; Name = $evil; Batch = $evil
                Error = [NanoBanana.ImageTaskError]@{ Message = $evil; Code = $evil } } | {{format}}
            """, 200);

        Assert.DoesNotMatch(@"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown);
        Assert.Contains("a[2J]0;x 31mb: a[2J]0;x 31mb", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_are_shown_with_their_escapes()
    {
        string list = ShowList("[NanoBanana.ImageTask]@{ Id = 'd758'; Status = 'Completed'; TextUrl = 'https://a.example/%E2%80%AEx' }");

        Assert.Contains("https://a.example/%E2%80%AEx", list, StringComparison.Ordinal);
        Assert.Equal("https://a.example/%E2%80%AEy", Show("\"$([NanoBanana.ImageOutput]@{ Url = 'https://a.example/%E2%80%AEy' })\""));
    }

    [Fact]
    public void Long_id_shows_its_end_and_a_queued_task_its_position() => Assert.Equal(
        """
        Id                   Status      Elapsed Created Prompt
        --                   ------      ------- ------- ------
        …9k3m5n8p2q4r6s8t0v1 Pending #12   0.5 s         a fox
        mmsu_01hx7z9k3m5n8p2 Pending                     an owl
        """, Show("""
            [NanoBanana.ImageTask]@{
                Id = 'mmsu_01hx7z9k3m5n8p2q4r6s8t0v1'; Status = 'Pending'; QueuePosition = 12; Prompt = 'a fox'; Elapsed = '00:00:00.5' }
            [NanoBanana.ImageTask]@{ Id = 'mmsu_01hx7z9k3m5n8p2'; Status = 'Pending'; QueuePosition = 0; Prompt = 'an owl' }
            """));

    [Fact]
    public void List_shows_the_complete_id_and_the_protocol()
    {
        string list = ShowList("""
            [NanoBanana.ImageTask]@{ Id = 'mmsu_01hx7z9k3m5n8p2q4r6s8t0v1'; Status = 'Pending'; QueuePosition = 2; Protocol = 'Queue' }
            """);

        Assert.Contains("Id            : mmsu_01hx7z9k3m5n8p2q4r6s8t0v1", list, StringComparison.Ordinal);
        Assert.Contains("QueuePosition : 2", list, StringComparison.Ordinal);
        Assert.Contains("Protocol      : Queue", list, StringComparison.Ordinal);
    }

    [Fact]
    public void List_shows_only_properties_with_a_value() => Assert.Equal(
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
                Id = 'd758n65e878c73cmdg26'; Status = 'Failed'; Prompt = 'an owl'; Name = 'owl'; AspectRatio = '1:1'
                Elapsed = '00:00:59.96'
                Error = $failure; CreatedAt = [DateTimeOffset]'2026-01-31T10:00:00Z'
                ImageUrl = [string[]]('https://host/a.png', ('data:image/png;base64,' + 'A' * 5000000))
            }
            """));

    [Fact]
    public void List_shows_every_property_with_a_value()
    {
        string shown = ShowList("""
            [NanoBanana.ImageTask]@{
                Id = 'x'; Status = 'Completed'; RawStatus = 'completed'; Prompt = 'p'; Model = 'm'; AspectRatio = '1:1'; Resolution = '1K'
                ResponseModality = [string[]]('Text', 'Image'); ImageUrl = [string[]]'https://host/a.png'; Name = 'n'; Batch = 'b'
                InputIndex = 1; Progress = 1
                CreatedAt = [DateTimeOffset]::Now; CompletedAt = [DateTimeOffset]::Now; Elapsed = '00:00:01'
                Text = 't'; TextUrl = 'https://host/t'
                PromptTokens = 1; CompletionTokens = 2; TotalTokens = 3; Cost = 4; Error = $failure; RequestId = 'r'
                Endpoint = 'https://host/'
            }
            """);
        string[] labels = [.. shown.Split('\n').Where(line => line.Contains(" : ")).Select(line => line.Split(" : ")[0].Trim())];

        Assert.Equal(
            [
                "Id", "Status", "Error", "Name", "Batch", "InputIndex", "Prompt", "AspectRatio", "Resolution", "Pixels", "ResponseModality",
                "ImageUrl", "Model", "CreatedAt", "CompletedAt", "Elapsed", "Text", "TextUrl", "PromptTokens", "CompletionTokens",
                "TotalTokens", "Cost", "RawStatus", "RequestId", "Endpoint",
            ],
            labels);
    }

    [Theory]
    [InlineData("Completed", "\u001b[32mCompleted\u001b[0m")]
    [InlineData("Running", "\u001b[36mRunning\u001b[0m")]
    [InlineData("Failed", "\u001b[31;1mFailed\u001b[0m")]
    [InlineData("Unknown", "\u001b[33;1mUnknown\u001b[0m")]
    [InlineData("Canceled", "\u001b[33mCanceled\u001b[0m")]
    public void Status_has_its_color_on_a_screen_with_colors(string status, string shown)
    {
        using var shell = new ViewShell(inColor: true);

        Assert.Contains(shown, shell.ShowOnScreen($"[NanoBanana.ImageTask]@{{ Id = 'x'; Status = '{status}' }}"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("$PSStyle.OutputRendering = 'PlainText'", true)]
    [InlineData("$env:NO_COLOR = '1'", true)]
    public void Status_has_no_color_if_colors_are_disabled(string setting, bool inColor)
    {
        using var shell = new ViewShell(inColor: inColor);
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
    public void Strict_mode_and_variables_with_the_names_of_the_views_have_no_effect()
    {
        using var shell = new ViewShell();

        string shown = shell.Show("""
            Set-StrictMode -Version Latest; $engine = $task = $null
            [NanoBanana.ImageTask]@{ Id = 'x'; Status = 'Completed'; Prompt = 'a fox' }
            """);

        Assert.Contains("Completed", shown);
        Assert.Contains("a fox", shown);
    }

    [Fact]
    public void Tasks_are_compared_by_id()
    {
        using var shell = new ViewShell();

        const string Task = "[NanoBanana.ImageTask]@{ Id = 'x'; Status = 'Pending' }";
        Assert.Equal("Id", shell.Run($"({Task}).PSStandardMembers.DefaultKeyPropertySet.ReferencedPropertyNames")[0].BaseObject);
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
