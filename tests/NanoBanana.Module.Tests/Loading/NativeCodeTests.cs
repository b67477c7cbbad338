using System.Reflection;

namespace NanoBanana.Module.Tests.Loading;

/// <summary>
/// The copy of an assembly that is loaded: the copy for the platform, which in a release has native code, or the one without native
/// code. In these tests, the copies for a platform have no native code either.
/// </summary>
public sealed class NativeCodeTests : ModuleTest
{
    private const string Locations = """
        [System.AppDomain]::CurrentDomain.GetAssemblies() |
            Where-Object { $_.GetName().Name -in 'Microsoft.Data.Sqlite', 'NanoBanana.Client', 'NanoBanana.Models' } |
            ForEach-Object { [System.IO.Path]::GetRelativePath($lib, $_.Location).Replace('\', '/') }
        """;

    private static string Platform => ((IEnumerable<string>)AppDomain.CurrentDomain.GetAssemblies()
        .Single(a => a.GetName().Name == "NanoBanana")
        .GetType("NanoBanana.Loading.DependencyContext", throwOnError: true)!
        .GetProperty("PlatformsOfProcess", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!).First();

    [Fact]
    public async Task Assemblies_without_native_code_are_loaded_if_there_are_no_copies_for_the_platform()
    {
        using var folder = new TemporaryFolder();
        string lib = CopyWithoutNativeCode(folder);
        // This file must not be read: loading a file that is not an assembly fails.
        AddCopy(lib, "another-platform", "Dependencies/NanoBanana.Client.dll", content: "not an assembly");

        Assert.Equal(
            ["Dependencies/Microsoft.Data.Sqlite.dll", "Dependencies/NanoBanana.Client.dll", "NanoBanana.Models.dll"],
            await LoadedFromAsync(lib));
    }

    [Fact]
    public async Task Copies_for_the_platform_are_loaded_if_they_exist()
    {
        using var folder = new TemporaryFolder();
        string lib = CopyWithoutNativeCode(folder);
        AddCopy(lib, Platform, "Dependencies/NanoBanana.Client.dll");
        AddCopy(lib, Platform, "Dependencies/Microsoft.Data.Sqlite.dll");

        Assert.Equal(
            [
                $"Dependencies/runtimes/{Platform}/lib/Microsoft.Data.Sqlite.dll",
                $"Dependencies/runtimes/{Platform}/lib/NanoBanana.Client.dll",
                "NanoBanana.Models.dll",
            ],
            await LoadedFromAsync(lib));
    }

    /// <returns>The folder of the assemblies.</returns>
    private static string CopyWithoutNativeCode(TemporaryFolder folder)
    {
        foreach (string file in Directory.GetFiles(StagedModule.Folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(Path.GetDirectoryName(file)) == "lib")
                continue;
            string copy = Path.Combine(folder.Path, Path.GetRelativePath(StagedModule.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return Path.Combine(folder.Path, "lib", "Core");
    }

    private static void AddCopy(string lib, string platform, string file, string? content = null)
    {
        string target = Path.Combine(lib, "Dependencies", "runtimes", platform, "lib", Path.GetFileName(file));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (content is null)
            File.Copy(Path.Combine(lib, file), target);
        else
            File.WriteAllText(target, content);
    }

    private static async Task<string[]> LoadedFromAsync(string lib)
    {
        string[] lines = await FreshProcess.RunAsync($"""
            $lib = '{lib}'
            $env:NANOBANANA_JOURNAL = Join-Path (Get-Location).Path journal.db
            Import-Module (Join-Path $lib '../../NanoBanana.psd1')
            Start-NanoBananaEmulator -TimeScale 0 | Connect-NanoBanana
            $null = New-NanoBananaImage 'a red fox'
            {Locations}
            """);
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
