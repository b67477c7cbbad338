using System.Runtime.Loader;

namespace NanoBanana.Module.Tests.LongLife;

/// <summary>
/// The build for Windows PowerShell: there the lives of connections are set by address, not by handler. Its own assembly is
/// loaded here, beside the other.
/// </summary>
public sealed class FrameworkConnectionTests
{
    private static readonly string Dependencies = Path.Combine(StagedModule.Folder, "lib", "Desktop", "Dependencies");

    [Fact]
    public void Connections_are_renewed_and_not_kept_idle()
    {
        var address = new Uri("https://framework.example/");
#pragma warning disable SYSLIB0014 // What .NET Framework has, .NET keeps for compatibility.
        System.Net.ServicePoint point = System.Net.ServicePointManager.FindServicePoint(address);
#pragma warning restore SYSLIB0014

        Factory().GetMethod("TuneServicePoint")!.Invoke(null, [address]);

        Assert.Equal((15_000, 120_000, false), (point.MaxIdleTime, point.ConnectionLeaseTimeout, point.Expect100Continue));
    }

    [Theory]
    [InlineData("ForApi")]
    [InlineData("ForDownloads")]
    public void Handlers_follow_no_redirects_themselves_and_keep_no_cookies(string kind)
    {
        System.Reflection.MethodInfo make = Factory().GetMethod(kind)!;

        using var handler = Assert.IsType<HttpClientHandler>(make.Invoke(null, new object?[make.GetParameters().Length]));

        Assert.Equal((false, false), (handler.AllowAutoRedirect, handler.UseCookies));
    }

    private static Type Factory()
    {
        var context = new AssemblyLoadContext("netstandard2.0");
        return context.LoadFromAssemblyPath(Path.Combine(Dependencies, "NanoBanana.Client.dll")).GetType("NanoBanana.Client.Http.HandlerFactory")!;
    }
}
