namespace NanoBanana.Module.Tests.Loading;

/// <summary>A command loads only the assemblies that it needs. Each test checks the assemblies of a fresh process.</summary>
public sealed class LoadOnNeedTests
{
    /// <summary>The assemblies that take long to load.</summary>
    private static readonly string[] Heavy =
    [
        "Microsoft.Data.Sqlite", "NanoBanana.Client", "NanoBanana.Emulator", "Npgsql", "SQLitePCLRaw.core", "SixLabors.ImageSharp",
        "System.Net.Http",
    ];

    private const string Loaded = "[System.AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { \"loaded $($_.GetName().Name)\" }";

    [Fact]
    public async Task Import_loads_only_the_commands_and_the_public_types()
    {
        Assert.Equal(["NanoBanana", "NanoBanana.Models"], await LoadedAsync("Import-Module $module"));
    }

    [Fact]
    public async Task Parameter_completion_and_syntax_load_nothing_else()
    {
        string[] loaded = await LoadedAsync("""
            Import-Module $module
            $null = [System.Management.Automation.CommandCompletion]::CompleteInput('New-NanoBananaImage -Re', 23, $null)
            $null = Get-Command New-NanoBananaImage -Syntax
            """);
        Assert.Equal(["NanoBanana", "NanoBanana.Models"], loaded);
    }

    [Fact]
    public async Task WhatIf_loads_neither_network_nor_journal()
    {
        string[] loaded = await LoadedAsync("Import-Module $module; New-NanoBananaImage 'a red fox' -WhatIf");
        Assert.DoesNotContain("Microsoft.Data.Sqlite", loaded);
        Assert.DoesNotContain("System.Net.Http", loaded);
        Assert.DoesNotContain("NanoBanana.Emulator", loaded);
    }

    [Fact]
    public async Task Pipeline_without_a_journal_does_not_load_SQLite()
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
    public async Task Journal_file_does_not_load_another_database_driver()
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
    public async Task Image_that_is_sent_unchanged_does_not_load_the_image_library()
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

    /// <returns>The module's assemblies and the heavy ones that the process has loaded at its end.</returns>
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
