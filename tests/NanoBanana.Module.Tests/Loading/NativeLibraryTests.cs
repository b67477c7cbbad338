using System.Reflection;
using System.Runtime.InteropServices;

namespace NanoBanana.Module.Tests.Loading;

/// <summary>The staged SQLite library that is loaded on each platform.</summary>
public sealed class NativeLibraryTests : ModuleTest
{
    /// <summary>The system, the architecture, the runtime identifier of .NET, and the folders that are tried.</summary>
    public static TheoryData<string, Architecture, string, string> Platforms => new()
    {
        { "linux", Architecture.X64, "linux-x64", "linux-x64 linux-musl-x64" },
        { "linux", Architecture.X64, "linux-musl-x64", "linux-musl-x64 linux-x64" },
        { "linux", Architecture.Arm64, "alpine.3.20-arm64", "linux-musl-arm64 linux-arm64" },
        { "linux", Architecture.Arm, "linux-arm", "linux-arm linux-musl-arm" },
        { "linux", Architecture.Arm, "linux-musl-arm", "linux-musl-arm linux-arm" },
        { "linux", Architecture.X64, "ubuntu.24.04-x64", "linux-x64 linux-musl-x64" },
        { "win", Architecture.X86, "win-x86", "win-x86" },
        { "osx", Architecture.Arm64, "osx-arm64", "osx-arm64" },
    };

    [Theory]
    [MemberData(nameof(Platforms))]
    public void Library_of_the_platform_is_tried_first_and_all_libraries_are_staged(
        string system, Architecture architecture, string runtime, string expected)
    {
        Type context = AppDomain.CurrentDomain.GetAssemblies().Single(a => a.GetName().Name == "NanoBanana")
            .GetType("NanoBanana.Loading.DependencyContext", throwOnError: true)!;
        var folders = (IEnumerable<string>)context.GetMethod("Platforms", BindingFlags.Static | BindingFlags.NonPublic)!
            .Invoke(null, [system, architecture, runtime])!;
        Assert.Equal(expected.Split(' '), folders);
        string runtimes = Path.Combine(StagedModule.Lib, "Dependencies", "runtimes");
        Assert.All(folders, folder => Assert.Single(Directory.GetFiles(Path.Combine(runtimes, folder, "native"))));
    }
}
