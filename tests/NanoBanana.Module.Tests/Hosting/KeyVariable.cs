namespace NanoBanana.Module.Tests.Hosting;

/// <summary>The environment variable that the key comes from; for tests in the collection <see cref="ProcessWide"/>.</summary>
internal sealed class KeyVariable : IDisposable
{
    public const string Name = "NANOBANANA_API_KEY";

    public KeyVariable(string key) => Set(key);

    public static void Set(string key) => Environment.SetEnvironmentVariable(Name, key);

    public void Dispose() => Environment.SetEnvironmentVariable(Name, null);
}
