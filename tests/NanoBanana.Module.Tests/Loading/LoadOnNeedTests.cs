namespace NanoBanana.Module.Tests.Loading;

/// <summary>What a command does not need it does not wait for: seen by what a fresh process has loaded.</summary>
public sealed class LoadOnNeedTests
{
    /// <summary>What takes long to load, and what each is for.</summary>
    private static readonly string[] Heavy =
    [
        "Microsoft.Data.Sqlite", "NanoBanana.Client", "NanoBanana.Emulator", "Npgsql", "SQLitePCLRaw.core", "SixLabors.ImageSharp", "System.Net.Http",
    ];

    private const string Loaded = "[System.AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { \"loaded $($_.GetName().Name)\" }";

    [Fact]
    public async Task Importing_loads_the_commands_and_what_users_see_and_no_more()
    {
        Assert.Equal(["NanoBanana", "NanoBanana.Models"], await LoadedAsync("Import-Module $module"));
    }

    [Fact]
    public async Task Completing_a_parameter_and_asking_for_help_load_no_more_either()
    {
        string[] loaded = await LoadedAsync("""
            Import-Module $module
            $null = [System.Management.Automation.CommandCompletion]::CompleteInput('New-NanoBananaImage -Re', 23, $null)
            $null = Get-Command New-NanoBananaImage -Syntax
            """);
        Assert.Equal(["NanoBanana", "NanoBanana.Models"], loaded);
    }

    [Fact]
    public async Task What_would_be_sent_is_shown_without_network_and_journal()
    {
        string[] loaded = await LoadedAsync("Import-Module $module; New-NanoBananaImage 'a red fox' -WhatIf");
        Assert.DoesNotContain("Microsoft.Data.Sqlite", loaded);
        Assert.DoesNotContain("System.Net.Http", loaded);
        Assert.DoesNotContain("NanoBanana.Emulator", loaded);
    }

    [Fact]
    public async Task Tasks_that_no_journal_keeps_load_no_SQLite()
    {
        string[] loaded = await LoadedAsync("""
            $env:NANOBANANA_JOURNAL = 'off'
            Import-Module $module
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
            $null = New-NanoBananaImage 'a red fox' -WarningAction SilentlyContinue | Save-NanoBananaImage -Force
            """);
        Assert.Contains("NanoBanana.Client", loaded);
        Assert.DoesNotContain("Microsoft.Data.Sqlite", loaded);
        Assert.DoesNotContain("SQLitePCLRaw.core", loaded);
    }

    [Fact]
    public async Task Journal_in_a_file_loads_no_driver_for_another_database()
    {
        string[] loaded = await LoadedAsync("""
            Import-Module $module
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
            $null = New-NanoBananaImage 'a red fox' | Save-NanoBananaImage -Force
            $null = (Get-NanoBananaConnection).Journal
            """);
        Assert.Contains("Microsoft.Data.Sqlite", loaded);
        Assert.DoesNotContain("Npgsql", loaded);
    }

    [Fact]
    public async Task Image_that_is_sent_as_it_is_loads_no_image_library()
    {
        string[] loaded = await LoadedAsync("""
            Import-Module $module
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
            $file = Join-Path ([System.IO.Path]::GetTempPath()) "nanobanana-$([guid]::NewGuid()).png"
            $null = New-NanoBananaImage 'a red fox' -Resolution 0.5K -OutFile $file
            $null = New-NanoBananaImage 'a hat' -ImagePath $file
            [System.IO.File]::Delete($file)
            """);
        Assert.Contains("NanoBanana.Client", loaded);
        Assert.DoesNotContain("SixLabors.ImageSharp", loaded);
    }

    /// <returns>Ours and the heavy ones among what the process has loaded in the end.</returns>
    private static async Task<string[]> LoadedAsync(string script)
    {
        string[] lines = await FreshProcess.RunAsync($"{script}\n{Loaded}");
        return
        [
            .. lines.Where(line => line.StartsWith("loaded ", StringComparison.Ordinal)).Select(line => line["loaded ".Length..])
                .Where(name => Heavy.Contains(name) || name.StartsWith("NanoBanana", StringComparison.Ordinal))
                .Where(name => name != typeof(LoadOnNeedTests).Assembly.GetName().Name)
                .Order(StringComparer.Ordinal),
        ];
    }
}
