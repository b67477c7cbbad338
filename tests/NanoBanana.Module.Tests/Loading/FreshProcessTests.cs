namespace NanoBanana.Module.Tests.Loading;

/// <summary>Tests that depend on the order in which assemblies load. Each runs in a separate process.</summary>
public sealed class FreshProcessTests
{
    private const string Loaded = """
        [System.AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object {
            $name = $_.GetName()
            if ($name.Name -in 'Microsoft.Data.Sqlite', 'NanoBanana.Client', 'NanoBanana.Models') {
                $origin = if ($_.Location.StartsWith($module)) { 'ours' }
                    elseif ($_.Location -eq $olderSqlite) { 'older' } else { $_.Location }
                "$origin $($name.Name) in $([System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name)"
            }
        }
        """;

    private const string Work = """
        $env:NANOBANANA_JOURNAL = Join-Path (Get-Location).Path journal.db
        Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
        "saved $((New-NanoBananaImage 'a red fox' | Get-NanoBananaTask | Save-NanoBananaImage -Force).Task.Prompt)"
        """;

    [Fact]
    public async Task Older_SQLite_library_loaded_first_by_another_module_has_no_effect()
    {
        string[] lines = await FreshProcess.RunAsync($"""
            $null = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath($olderSqlite)
            $null = [type]'Microsoft.Data.Sqlite.SqliteOpenMode'
            Import-Module $module
            {Work}
            {Loaded}
            """);

        Assert.Contains("saved a red fox", lines);
        Assert.Equal(
            [
                "older Microsoft.Data.Sqlite in Default", "ours Microsoft.Data.Sqlite in NanoBanana",
                "ours NanoBanana.Client in NanoBanana", "ours NanoBanana.Models in Default",
            ],
            lines.Where(l => l.Contains(" in ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SQLite_library_loaded_later_by_another_module_is_used_by_that_module()
    {
        string[] lines = await FreshProcess.RunAsync($"""
            Import-Module $module
            {Work}
            $null = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath($olderSqlite)
            New-NanoBananaImage 'an owl' | ForEach-Object Prompt
            [type]'Microsoft.Data.Sqlite.SqliteOpenMode' | ForEach-Object {"{ $_.Assembly.Location -eq $olderSqlite }"}
            """);

        Assert.Equal(["saved a red fox", "an owl", "True"], lines);
    }

    [Fact]
    public async Task Public_types_are_available_immediately_after_import()
    {
        string[] lines = await FreshProcess.RunAsync("""
            Import-Module $module
            [NanoBanana.ImageTask].FullName
            [NanoBanana.ImageTaskStatus]::Completed
            [NanoBanana.ImageModel]::DefaultId
            """);

        Assert.Equal(["NanoBanana.ImageTask", "Completed", "nano_banana_2"], lines);
    }

    [Fact]
    public async Task Import_loads_no_third_party_assembly()
    {
        string[] lines = await FreshProcess.RunAsync($"Import-Module $module\n{Loaded}");
        Assert.Equal(["ours NanoBanana.Models in Default"], lines);
    }

    [Fact]
    public async Task Module_removed_by_its_last_session_can_be_imported_again()
    {
        string[] lines = await FreshProcess.RunAsync(
            $"Import-Module $module\n{Work}\nRemove-Module NanoBanana\nImport-Module $module\n{Work}");
        Assert.Equal(["saved a red fox", "saved a red fox"], lines);
    }
}
