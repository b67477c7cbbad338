using System.Runtime.Loader;

namespace NanoBanana.Module.Tests.LongLife;

/// <summary>
/// The build for Windows PowerShell, where the lifetime of connections is set for each address and not in the handler. The test
/// loads its assembly beside the other build.
/// </summary>
public sealed class FrameworkConnectionTests
{
    private static readonly string Dependencies = Path.Combine(StagedModule.Folder, "lib", "Desktop", "Dependencies");

    [Fact]
    public void Connections_are_renewed_and_not_kept_idle()
    {
        var address = new Uri("https://framework.example/");
#pragma warning disable SYSLIB0014 // .NET has this API of .NET Framework for compatibility.
        System.Net.ServicePoint point = System.Net.ServicePointManager.FindServicePoint(address);
#pragma warning restore SYSLIB0014

        Factory().GetMethod("TuneServicePoint")!.Invoke(null, [address]);

        Assert.Equal((15_000, 120_000, false), (point.MaxIdleTime, point.ConnectionLeaseTimeout, point.Expect100Continue));
    }

    [Theory]
    [InlineData("ForApi")]
    [InlineData("ForDownloads")]
    public void Handlers_follow_no_redirects_and_keep_no_cookies(string kind)
    {
        System.Reflection.MethodInfo create = Factory().GetMethod(kind)!;

        using var handler = Assert.IsType<HttpClientHandler>(create.Invoke(null, new object?[create.GetParameters().Length]));

        Assert.Equal((false, false), (handler.AllowAutoRedirect, handler.UseCookies));
    }

    private static Type Factory()
    {
        var context = new AssemblyLoadContext("netstandard2.0");
        return context.LoadFromAssemblyPath(Path.Combine(Dependencies, "NanoBanana.Client.dll"))
            .GetType("NanoBanana.Client.Http.HandlerFactory")!;
    }
}
