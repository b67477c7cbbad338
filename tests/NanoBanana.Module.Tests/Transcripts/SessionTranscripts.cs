namespace NanoBanana.Module.Tests.Transcripts;

/// <summary>Sessions as a user sees them on the screen, one for each area in which the module behaves like native PowerShell.</summary>
public sealed class SessionTranscripts : ModuleTest
{
    [Fact]
    public void Binding()
    {
        Folder.Write("one [1].txt", "a red fox");
        Folder.Write("two.txt", "an owl");
        Play("""
            PS> 'a fox', '', 'an owl' | New-NanoBananaImage -ThrottleLimit 1 | ForEach-Object Prompt
            a fox
            an owl
            PS> $fox = New-NanoBananaImage 'a fox'
            PS> ($fox | Get-NanoBananaTask).Id -eq ([pscustomobject]@{ Id = $fox.Id } | Get-NanoBananaTask).Id
            True
            PS> [pscustomobject]@{ prompt = 'a hare'; aspect_ratio = '16:9'; image_urls = 'https://host/a,b.png'; Name = 'h' } |
            >>     New-NanoBananaImage | ForEach-Object { "$($_.Name): $($_.AspectRatio), $($_.ImageUrl.Count) image" }
            h: 16:9, 1 image
            PS> New-NanoBananaImage -PromptPath '*.txt' -ThrottleLimit 1 | ForEach-Object { "$($_.Name): $($_.Prompt)" }
            one [1]: a red fox
            two: an owl
            PS> New-NanoBananaImage -PromptPath 'one [1].txt' | ForEach-Object Prompt
            a red fox
            PS> New-NanoBananaImage 'an elk [fail:5001095]' -Wait -ErrorAction SilentlyContinue |
            >>     New-NanoBananaImage | ForEach-Object Prompt
            an elk [fail:5001095]
            PS> [pscustomobject]@{ promt = 'an elk'; size = '1K' } | New-NanoBananaImage
            New-NanoBananaImage: Row 1 (row 2 of a sheet with a header): The input has no Prompt property. Its properties: promt, size. 'promt' is probably the prompt. Rename it to Prompt, or pipe strings.
            PS> @{ Prompt = 'an elk' } | New-NanoBananaImage
            New-NanoBananaImage: Row 1: A hashtable is not a prompt. To use its values as properties, pipe [pscustomobject]@{ Prompt = '…' }.
            PS> New-NanoBananaImage 'an elk' -ImagePath two.txt
            New-NanoBananaImage: '<any>two.txt' is not an image: its first bytes do not match an image format. Use a PNG, JPEG, WebP, GIF or AVIF image.
            """);
    }

    [Fact]
    public void Completion() => Play("""
        PS> function Tab($line) {
        >>     [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches |
        >>         ForEach-Object { "$($_.CompletionText): $($_.ToolTip)" }
        >> }
        PS> Tab 'New-NanoBananaImage fox -Resolution 4K -AspectRatio 2'
        2:3: Portrait, 3392x5056 pixels at 4K
        21:9: Wide screen, 6336x2688 pixels at 4K
        PS> Tab 'New-NanoBananaImage fox -AspectRatio 16:9 -Resolution '
        0.5K: 688x384 pixels at 16:9, 747 output tokens
        1K: 1376x768 pixels at 16:9, 1120 output tokens, the default
        2K: 2752x1536 pixels at 16:9, 1680 output tokens
        4K: 5504x3072 pixels at 16:9, 2520 output tokens
        PS> Tab 'New-NanoBananaImage fox -Model '
        nano_banana_2: Nano Banana 2: prompts of up to 2500 characters, up to 3 input images, 0.5K to 4K
        PS> Tab 'New-NanoBananaImage fox -ResponseModality '
        Text: The model's text about it, in the property Text of the task
        Image: The image
        PS> Tab 'Get-NanoBananaTask -Status '
        Submitting: Being sent
        Unknown: Sent, and the outcome is unknown: it may be paid for
        Pending: Accepted, not started yet
        Running: Being generated
        Completed: Its images can be saved
        Failed: Ended without an image, with the reason in Error
        Canceled: Canceled before it completed
        PS> $null = New-NanoBananaImage 'a red fox' | Wait-NanoBananaTask
        PS> Tab 'Wait-NanoBananaTask '
        <id>: Completed, <any>: a red fox
        PS> Tab 'Save-NanoBananaImage -FileName "{index:000}-{as'
        "{index:000}-{aspect}": The requested aspect ratio, for example 16x9
        """);

    [Fact]
    public void Help() => Play("""
        PS> (Get-Help New-NanoBananaImage).Synopsis
        Submits requests to generate or edit images.
        PS> (Get-Help New-NanoBananaImage -Parameter AspectRatio).description.Text
        The ratio of the width of the image to its height. By default, the service chooses. If you give several ratios, each ratio is a separate request. A row of a file can have only one ratio.
        Accepted values: 1:8, 1:4, 1:1, 2:3, 3:2, 3:4, 4:3, 4:5, 5:4, 8:1, 4:1, 9:16, 16:9, 21:9.
        PS> (Get-Command -Module NanoBanana).Where({ @((Get-Help $_.Name).examples.example).Count -lt 3 })
        PS> foreach ($topic in 'NanoBanana', 'NanoBanana_Prompts', 'NanoBanana_Errors', 'NanoBanana_Automation') {
        >>     (Get-Help "about_$topic").Length -gt 2000 }
        True
        True
        True
        True
        """);

    [Fact]
    public void Views() => Play("""
        PS> $tasks = 'a red fox at dawn', 'an elk [fail:5001095]' | New-NanoBananaImage -AspectRatio 16:9 -ThrottleLimit 1
        PS> $tasks
        Id                   Status      Elapsed Created Prompt
        --                   ------      ------- ------- ------
        <id> Running <n> s   <n>:<n> a red fox at dawn
        <id> Running <n> s   <n>:<n> an elk [fail:5001095]
        PS> $ended = $tasks | Wait-NanoBananaTask -ErrorAction SilentlyContinue
        PS> $ended.Where({ $_.Status -eq 'Failed' })
        Id                   Status      Elapsed Created Prompt
        --                   ------      ------- ------- ------
        <id> Failed  <n> s   <n>:<n> an elk [fail:5001095]
                                                 005001095 Internal generation error
        PS> $ended.Where({ $_.Status -eq 'Completed' }) | Save-NanoBananaImage
           Directory: <any>
        Name                                           Pixels     Size Prompt
        ----                                           ------     ---- ------
        a-red-fox-at-dawn-<id>.png 1376x768 <n> KB a red fox at dawn
        PS> Get-NanoBananaConnection
        Endpoint                Protocol   Key   Key from  Proxy
        --------                --------   ---   --------  -----
        http://127.0.0.1:<n>/emulator-<any>/ Generation …7f3a Parameter
        PS> $emulator
        Endpoint                   Bought Refused   Polls Downloads
        --------                   ------ -------   ----- ---------
        http://127.0.0.1:<n>/emulator-<any>/         <n>       0     <n>         1
        """);

    [Fact]
    public void Progress()
    {
        ProgressRecord[] shown = [.. Run("'a fox', 'an owl' | New-NanoBananaImage | Wait-NanoBananaTask | Save-NanoBananaImage").Progress];

        ProgressRecord Of(string activity) => shown.First(record => record.Activity == activity);
        Assert.Equal(-1, Of("Submitting prompts").ParentActivityId);
        Assert.Equal(Of("Submitting prompts").ActivityId, Of("Waiting for images").ParentActivityId);
        Assert.Equal(Of("Waiting for images").ActivityId, Of("Saving images").ParentActivityId);
        Assert.All(
            shown.Where(record => record.RecordType == ProgressRecordType.Processing),
            record => Assert.Matches(@"^\d+ of \d+, \d+ running(, \d+\.\d MB)?, \d:\d\d:\d\d$", record.StatusDescription));
        Assert.Equal("Generating images", Run("New-NanoBananaImage 'a fox' -Wait").Progress[0].Activity);
        Assert.Equal(
            "Getting the status of tasks",
            Run("New-NanoBananaImage 'a fox' -ProgressAction Ignore | Get-NanoBananaTask").Progress[0].Activity);
        Assert.Empty(
            Run("'a fox' | New-NanoBananaImage -ProgressAction SilentlyContinue | Save-NanoBananaImage -ProgressAction SilentlyContinue")
                .Progress);
        Assert.Empty(Run("$ProgressPreference = 'SilentlyContinue'; 'a fox' | New-NanoBananaImage | Save-NanoBananaImage").Progress);
    }

    [Fact]
    public void Prompts_streams_and_errors() => Play("""
        PS> New-NanoBananaImage 'a red fox' -AspectRatio 17:9; $?
        False
        New-NanoBananaImage: '17:9' is not a valid aspect ratio. Allowed: 1:8, 1:4, 1:1, 2:3, 3:2, 3:4, 4:3, 4:5, 5:4, 8:1, 4:1, 9:16, 16:9, 21:9.
        PS> $Error[0].FullyQualifiedErrorId; $Error[0].CategoryInfo.Category; $Error[0].TargetObject
        >> $Error[0].ErrorDetails.RecommendedAction
        InvalidRequest,NanoBanana.Commands.NewNanoBananaImageCommand
        InvalidArgument
        PS> try { $null = New-NanoBananaImage 'an elk [fail:5001095]' -Wait -ErrorAction Stop }
        >> catch { "caught: $($_.Exception.Kind) $($_.TargetObject.Error.Code)" }
        caught: TaskFailed 005001095
        PS> New-NanoBananaImage 'an elk [fail:5001095]' -Wait -ErrorAction SilentlyContinue -ErrorVariable failed |
        >>     ForEach-Object Status; $failed.Count
        Failed
        1
        PS> 'a red fox', 'an owl' | New-NanoBananaImage -AspectRatio 16:9 -Resolution 2K -WhatIf
        What if: Performing the operation "Buy 1 image, 16:9 2K (2752x1536), 1680 output tokens, with nano_banana_2" on target "a red fox".
        What if: Performing the operation "Buy 1 image, 16:9 2K (2752x1536), 1680 output tokens, with nano_banana_2" on target "an owl".
        What if: In total: buy 2 images, 3360 output tokens.
        PS> $null = New-NanoBananaImage 'a red fox' -Verbose
        VERBOSE: Performing the operation "Buy 1 image, 1K, 1120 output tokens, with nano_banana_2" on target "a red fox".
        VERBOSE: POST /model/v1/generation 200, attempt 1, <n> ms
        VERBOSE: Accepted: task <id>
        PS> $said = New-NanoBananaImage 'a red fox' -ImageUrl 'data:image/png;base64,iVBORw0KGgo=' -Debug 5>&1 | ForEach-Object { "$_" }
        PS> "$said" -match 'a red fox'; "$said" -match 'secret-key|iVBORw0KGgo'
        True
        False
        """);

    [Fact]
    public void Keys() => Play("""
        PS> Get-NanoBananaConnection | ForEach-Object { "$($_.KeySource) $($_.MaskedKey)" }
        Parameter …7f3a
        PS> function Get-Secret($Name, $Vault) { if ($Name -ne 'nano') { throw "There is no secret $Name." }; $emulator.GetApiKey() }
        PS> Connect-NanoBanana -SecretName nano -Vault local -Endpoint $emulator.Endpoint -PassThru |
        >>     ForEach-Object { "$($_.KeySource) $($_.MaskedKey)" }
        SecretVault …7f3a
        PS> New-NanoBananaImage 'a red fox' | ForEach-Object Prompt
        a red fox
        PS> Connect-NanoBanana -SecretName other
        Connect-NanoBanana: The secret 'other' can't be read: There is no secret other. For an unattended run, unlock the vault first.
        PS> Disconnect-NanoBanana
        PS> New-NanoBananaImage 'a red fox'
        New-NanoBananaImage: There is no API key. <any>Start-NanoBananaEmulator | Connect-NanoBanana.
        """);

    [Fact]
    public void Package() => Play("""
        PS> $manifest = Test-ModuleManifest "$module/NanoBanana.psd1"
        PS> "$($manifest.ExportedCommands.Keys)" -eq "$((Get-Module NanoBanana).ExportedCommands.Keys)"
        True
        PS> $manifest.ExportedFunctions.Count + $manifest.ExportedAliases.Count + $manifest.ExportedVariables.Count
        0
        PS> $manifest.CompatiblePSEditions; "$($manifest.PowerShellVersion) $($manifest.DotNetFrameworkVersion)"
        Core
        Desktop
        5.1 4.7.2
        PS> Remove-Module NanoBanana
        PS> Get-Command -Module NanoBanana
        PS> Get-Command New-NanoBananaImage -ErrorAction Ignore
        PS> Get-Help New-NanoBananaImage
        Get-Help: <any>
        """);

    [Fact]
    public void Pester_has_a_file_for_each_command()
    {
        string suite = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(StagedModule.Folder))!, "tests", "Pester");
        foreach (string command in Run("(Get-Module NanoBanana).ExportedCommands.Keys").Ok().Select(name => $"{name}"))
            Assert.Contains(
                $"Describe '{command}", File.ReadAllText(Path.Combine(suite, command + ".Tests.ps1")), StringComparison.Ordinal);
    }

    private void Play(string transcript) => Transcript.Play(Shell, transcript);
}
