namespace NanoBanana.Module.Tests.Prompts;

public sealed class StringPromptTests : ModuleTest
{
    [Fact]
    public void String_is_one_submission_with_only_the_prompt()
    {
        PSObject task = Assert.Single(Run("New-NanoBananaImage 'a red fox'").Ok());

        Assert.Equal(["""{"prompt":"a red fox"}"""], Bodies);
        Assert.Equal(1, Emulator.Counters.CreatesReceived);
        Assert.Equal(Emulator.Tasks[0].Id, task.Text("Id"));
        Assert.Equal("NanoBanana.ImageTask", task.BaseObject.GetType().FullName);
        Assert.Equal(("a red fox", 0, "Running"), (task.Text("Prompt"), task.Get("InputIndex"), task.Text("Status")));
        Assert.Equal(Emulator.Endpoint, task.Get("Endpoint"));
    }

    [Fact]
    public void Every_string_of_a_pipeline_is_a_prompt_with_its_InputIndex()
    {
        IReadOnlyList<PSObject> tasks = Run("'fox', 'owl', 'hare', 'elk' | New-NanoBananaImage").Ok();

        Assert.Equal(
            ["fox 0", "owl 1", "hare 2", "elk 3"],
            tasks.Select(t => $"{t.Text("Prompt")} {t.Text("InputIndex")}").OrderBy(t => t[^1]));
        Assert.Equal(4, Emulator.Counters.CreatesReceived);
        Assert.All(tasks, t => Assert.Equal(t.Text("Prompt"), Emulator.Tasks.Single(e => e.Id == t.Text("Id")).Prompt));
    }

    [Fact]
    public void Every_string_of_an_array_argument_is_a_prompt()
    {
        Assert.Equal(2, Run("New-NanoBananaImage -Prompt 'fox', 'owl'").Ok().Count);
        Assert.Equal(["fox", "owl"], Emulator.Tasks.Select(t => t.Prompt).Order());
    }

    [Fact]
    public void Parameters_apply_to_every_prompt_in_the_spelling_of_the_provider()
    {
        Run("""
            'fox' | New-NanoBananaImage -AspectRatio 16:9 -Resolution 2k -ResponseModality image, TEXT `
                -ImageUrl 'https://example.com/a.png', 'http://example.com/b.png'
            """).Ok();

        Assert.Equal(
            [
                """{"prompt":"fox","image_urls":["https://example.com/a.png","http://example.com/b.png"],"aspect_ratio":"16:9","""
                    + "\"resolution\":\"2K\",\"response_modalities\":[\"Image\",\"Text\"]}",
            ],
            Bodies);
    }

    [Fact]
    public void Prompt_with_any_characters_arrives_unchanged()
    {
        const string Prompt = "Füchslein \"quoted\" \\ 狐 🦊 <&> tab\tnew\nline";
        Shell["prompt"] = Prompt;

        Assert.Equal(Prompt, Assert.Single(Run("$prompt | New-NanoBananaImage").Ok()).Text("Prompt"));
        Assert.Equal(Prompt, Emulator.Tasks.Single().Prompt);
    }

    [Fact]
    public void Length_of_a_prompt_is_counted_in_code_points()
    {
        Run("[char]::ConvertFromUtf32(0x1F98A) * 2500 | New-NanoBananaImage").Ok();
        Assert.Equal(5000, Emulator.Tasks.Single().Prompt.Length);
    }

    [Fact]
    public void Blank_lines_are_skipped_and_counted_in_one_verbose_message()
    {
        ShellResult result = Run("'fox', '', '   ', $null, 'owl' | New-NanoBananaImage -Verbose");

        Assert.Equal(["fox 0", "owl 4"], result.Ok().Select(t => $"{t.Text("Prompt")} {t.Text("InputIndex")}").Order());
        Assert.Equal("3 blank lines were skipped.", Assert.Single(result.Verbose, v => v.Contains("blank")));
        Assert.Equal(2, Emulator.Counters.CreatesReceived);
    }

    [Fact]
    public void Local_image_is_sent_as_a_data_URI()
    {
        Run("New-NanoBananaImage fox -OutFile fox.png").Ok();
        Run("New-NanoBananaImage 'the same in blue' -ImagePath fox.png -ImageUrl https://example.com/a.png").Ok();

        string data = Convert.ToBase64String(File.ReadAllBytes(Folder["fox.png"]));
        Assert.Equal(
            $$"""{"prompt":"the same in blue","image_urls":["https://example.com/a.png","data:image/png;base64,{{data}}"]}""",
            Bodies[1].Replace("\\u002B", "+"));
    }
}
