using NanoBanana.Module.Tests.Views;

namespace NanoBanana.Module.Tests.Completion;

[Collection(ProcessWide.Name)]
public sealed class CompletionTests : IDisposable
{
    private const string Age = "(just now|\\d+ min ago)";

    private readonly ViewShell _shell = new();

    [Fact]
    public void Common_ratios_come_first_with_their_pixels()
    {
        var offered = _shell.Complete("New-NanoBananaImage x -AspectRatio ");

        Assert.Equal(["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "21:9", "4:1", "1:4", "8:1", "1:8"], Texts(offered));
        Assert.Equal("Landscape, 1376x768 pixels at 1K", offered[1].ToolTip);
    }

    [Fact]
    public void A_ratio_shows_the_pixels_at_the_resolution_that_is_typed() =>
        Assert.Equal(
            "Landscape, 5504x3072 pixels at 4K",
            _shell.Complete("New-NanoBananaImage x -Resolution 4k -AspectRatio 16:")[0].ToolTip);

    [Fact]
    public void A_resolution_shows_pixels_and_tokens()
    {
        var offered = _shell.Complete("New-NanoBananaImage x -AspectRatio 21:9 -Resolution ");

        Assert.Equal(["0.5K", "1K", "2K", "4K"], Texts(offered));
        Assert.Equal("about 792x168 pixels at 21:9, 747 output tokens", offered[0].ToolTip);
        Assert.Equal(
            "1024x1024 pixels at 1:1, 1120 output tokens, the default",
            _shell.Complete("New-NanoBananaImage x -Resolution 1")[0].ToolTip);
    }

    [Theory]
    [InlineData("New-NanoBananaImage x -ResponseModality ", "Text|Image")]
    [InlineData("New-NanoBananaImage x -ResponseModality Text, i", "Image")]
    [InlineData("New-NanoBananaImage x -Model NANO", "nano_banana_2")]
    [InlineData("New-NanoBananaImage x -Model \"", "\"nano_banana_2\"")]
    [InlineData("New-NanoBananaImage x -AspectRatio '2", "'2:3'|'21:9'")]
    [InlineData("New-NanoBananaImage x -AspectRatio *1:9", "21:9")]
    [InlineData("New-NanoBananaImage x -AspectRatio ?:5", "4:5")]
    [InlineData("Connect-NanoBanana -Endpoint ", "https://cloud.vtrix.ai/|https://cloud.seaart.ai/|https://odirouter.ai/")]
    [InlineData("Connect-NanoBanana -Protocol Queue -Endpoint ", "https://cloud.seaart.ai/|https://odirouter.ai/")]
    [InlineData("Connect-NanoBanana -Protocol generation -Endpoint ", "https://cloud.vtrix.ai/")]
    [InlineData("Connect-NanoBanana -Endpoint https://o", "https://odirouter.ai/")]
    [InlineData("Connect-NanoBanana -Protocol ", "Generation|Queue")]
    [InlineData("Connect-NanoBanana -Protocol g", "Generation")]
    [InlineData("Save-NanoBananaImage -FileName '{index}-{na", "'{index}-{name}'")]
    [InlineData("Save-NanoBananaImage -FileName \"{index}-{res", "\"{index}-{resolution}\"")]
    [InlineData("Save-NanoBananaImage -FileName 'it''s {i", "'it''s {index}'|'it''s {id}'|'it''s {image}'")]
    public void Completions_match_the_typed_text_and_are_quoted_correctly(string line, string offered) =>
        Assert.Equal(offered, string.Join('|', Texts(_shell.Complete(line))));

    [Fact]
    public void Endpoint_tooltip_shows_the_protocol_and_its_features() => Assert.Equal(
        [
            "The endpoint of the provider for the protocol Generation: answers contain the number of tokens; the default",
            "The endpoint of the provider for the protocol Queue: tasks can be canceled, and answers contain the size of the images; "
                + "the default of -Protocol Queue",
            "The endpoint of the provider for the protocol Queue: tasks can be canceled, and answers contain the size of the images",
        ],
        _shell.Complete("Connect-NanoBanana -Endpoint ").Select(endpoint => endpoint.ToolTip));

    [Fact]
    public void Statuses_are_offered_in_their_order_with_their_meaning()
    {
        var offered = _shell.Complete("Get-NanoBananaTask -Status ");

        Assert.Equal(_shell.Run("[enum]::GetNames([NanoBanana.ImageTaskStatus])").Select(name => $"{name}"), Texts(offered));
        Assert.All(offered, status => Assert.Contains(' ', status.ToolTip));
        Assert.Equal("Failed", Assert.Single(_shell.Complete("Get-NanoBananaTask -Status Running, f")).CompletionText);
    }

    [Fact]
    public void Vaults_of_SecretManagement_are_offered_if_it_is_available()
    {
        Assert.DoesNotContain("local", Texts(_shell.Complete("Connect-NanoBanana -SecretName nano -Vault lo")));

        _shell.Run("function Get-SecretVault { [pscustomobject]@{ Name = 'local'; ModuleName = 'Microsoft.PowerShell.SecretStore' } }");
        CompletionResult vault = Assert.Single(_shell.Complete("Connect-NanoBanana -SecretName nano -Vault lo"));
        Assert.Equal(("local", "Microsoft.PowerShell.SecretStore"), (vault.CompletionText, vault.ToolTip));
    }

    [Fact]
    public void Complete_templates_are_offered_in_quotes()
    {
        var offered = _shell.Complete("Save-NanoBananaImage -FileName ");

        Assert.Equal("'{name}-{id}'", offered[0].CompletionText);
        Assert.All(offered, template => Assert.Matches("^'.*'$", template.CompletionText));
    }

    [Fact]
    public void Every_file_name_field_has_a_description()
    {
        var offered = _shell.Complete("Save-NanoBananaImage -FileName 'x{");

        Assert.Equal(12, offered.Count);
        Assert.All(offered, field => Assert.Contains(' ', field.ToolTip));
    }

    [Theory]
    [InlineData("Save-NanoBananaImage -FileName '{")]
    [InlineData("Save-NanoBananaImage -FileName '[")]
    [InlineData("New-NanoBananaImage x -AspectRatio '[*")]
    [InlineData("New-NanoBananaImage x -AspectRatio \"'")]
    [InlineData("New-NanoBananaImage x -Resolution $x -AspectRatio [")]
    [InlineData("Wait-NanoBananaTask -Id '")]
    public void Unparsable_text_causes_no_error(string line)
    {
        _shell.Run("$Error.Clear()");
        _shell.Complete(line);

        Assert.Empty(_shell.Run("$Error"));
    }

    [Fact]
    public void Ids_of_this_sessions_tasks_are_offered_newest_first_with_their_prompts()
    {
        _shell.Run("""
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
            $fox = New-NanoBananaImage 'a fox'; $owl = New-NanoBananaImage 'an owl [fail:5001095]'
            $null = $fox, $owl | Wait-NanoBananaTask -ErrorAction SilentlyContinue
            """);

        foreach (string command in new[]
        {
            "Get-NanoBananaTask ", "Wait-NanoBananaTask ", "Wait-NanoBananaTask -Id ", "Save-NanoBananaImage -Id ",
            "Remove-NanoBananaTask ", "Stop-NanoBananaTask ", "Stop-NanoBananaTask -Id ",
        })
        {
            var offered = _shell.Complete(command);

            string[] ids = [.. _shell.Run("$owl.Id; $fox.Id").Select(id => id.ToString())];
            Assert.Equal(ids, Texts(offered));
            Assert.Matches($"^{ids[0]}  {Age}  an owl \\[fail:5001095\\]$", offered[0].ListItemText);
            Assert.Matches($"^{ids[1]}  {Age}  a fox$", offered[1].ListItemText);
            Assert.Matches($"^Failed, {Age}: an owl \\[fail:5001095\\]$", offered[0].ToolTip);
            Assert.Matches($"^Completed, {Age}: a fox$", offered[1].ToolTip);
        }
    }

    [Theory]
    [InlineData("Get-NanoBananaTask nosuchtask1")]
    [InlineData("Wait-NanoBananaTask nosuchtask1")]
    [InlineData("Save-NanoBananaImage -Id nosuchtask1")]
    public void Id_that_the_service_does_not_have_is_not_offered(string command)
    {
        _shell.Run($"Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana; {command} -ErrorAction SilentlyContinue");

        Assert.Empty(_shell.Complete("Get-NanoBananaTask "));
    }

    [Fact]
    public void Ids_of_another_service_are_offered_only_for_removal()
    {
        _shell.Run("Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana; $fox = New-NanoBananaImage 'a fox'");
        _shell.Run("Start-NanoBananaEmulator | Connect-NanoBanana");

        Assert.Empty(_shell.Complete("Wait-NanoBananaTask "));
        Assert.Contains(_shell.Run("$fox.Id").Single().ToString(), Texts(_shell.Complete("Remove-NanoBananaTask ")));
    }

    [Fact]
    public void Ids_are_not_offered_for_a_parameter_that_takes_tasks()
    {
        _shell.Run("Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana; $fox = New-NanoBananaImage 'a fox'");

        Assert.DoesNotContain(_shell.Run("$fox.Id")[0].ToString(), Texts(_shell.Complete("Wait-NanoBananaTask -Task ")));
    }

    [Fact]
    public void Saved_task_is_offered_with_its_final_status()
    {
        _shell.Run("""
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
            $null = New-NanoBananaImage 'a fox' | Save-NanoBananaImage -Destination ([System.IO.Path]::GetTempPath()) -Force
            """);

        Assert.Matches($"^Completed, {Age}: a fox$", Assert.Single(_shell.Complete("Get-NanoBananaTask ")).ToolTip);
    }

    [Fact]
    public void Task_found_by_id_keeps_its_known_prompt()
    {
        _shell.Run("""
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
            $fox = New-NanoBananaImage 'a fox'; $null = Get-NanoBananaTask $fox.Id
            """);

        Assert.Matches($"^Completed, {Age}: a fox$", Assert.Single(_shell.Complete("Get-NanoBananaTask ")).ToolTip);
    }

    [Fact]
    public void Last_100_tasks_of_the_session_are_offered_and_no_others()
    {
        _shell.Run("""
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
            $tasks = 1..101 | ForEach-Object { "prompt $_" } | New-NanoBananaImage -ThrottleLimit 1
            """);
        using var other = new ViewShell();

        Assert.Equal(100, _shell.Complete("Get-NanoBananaTask ").Count);
        Assert.DoesNotContain(_shell.Run("$tasks[0].Id")[0].ToString(), Texts(_shell.Complete("Get-NanoBananaTask ")));
        Assert.DoesNotContain(_shell.Run("$tasks[1].Id")[0].ToString(), Texts(other.Complete("Get-NanoBananaTask ")));
    }

    public void Dispose() => _shell.Dispose();

    private static IEnumerable<string> Texts(IEnumerable<CompletionResult> offered) => offered.Select(result => result.CompletionText);
}
