namespace NanoBanana.Module.Tests.Loading;

/// <summary>
/// Not every API of netstandard2.0 exists in .NET Framework 4.7.2. The tests look up every API that the build for Windows
/// PowerShell uses in Microsoft's reference assemblies of that version.
/// </summary>
public sealed class FrameworkSurfaceTests
{
    private static readonly ApiCatalog Framework = ApiCatalog.Of(StagedModule.FrameworkReference);

    [Theory]
    [InlineData("NanoBanana.dll")]
    [InlineData("NanoBanana.Models.dll")]
    [InlineData("NanoBanana.Emulator.dll")]
    [InlineData("Dependencies/NanoBanana.Client.dll")]
    public void Used_APIs_exist_in_NET_Framework_4_7_2(string assembly)
    {
        IReadOnlyList<ApiName> used = ApiCatalog.UsedBy(Path.Combine(StagedModule.Folder, "lib", "Desktop", assembly));

        Assert.NotEmpty(used);
        Assert.DoesNotContain(used, api => !Framework.Has(api));
    }

    [Fact]
    public void Missing_APIs_are_detected()
    {
        Assert.True(Framework.Has(new ApiName("System.String", "Contains", 1)));
        Assert.True(Framework.Has(new ApiName("System.IO.FileStream", "ReadAsync", 4)));
        Assert.False(Framework.Has(new ApiName("System.String", "Contains", 2)));
        Assert.False(Framework.Has(new ApiName("System.Net.Http.SocketsHttpHandler", ".ctor", 0)));
    }
}
