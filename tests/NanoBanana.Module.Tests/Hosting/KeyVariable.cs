namespace NanoBanana.Module.Tests.Hosting;

/// <summary>
/// The environment variable that the key comes from. It belongs to the whole process: who sets it, or relies on its
/// absence, is in the collection of this name, whose tests run one after the other.
/// </summary>
internal sealed class KeyVariable : IDisposable
{
    public const string Name = "NANOBANANA_API_KEY";

    /// <summary>The collection of the tests that use it.</summary>
    public const string Collection = "The environment's key";

    public KeyVariable(string key) => Set(key);

    public static void Set(string key) => Environment.SetEnvironmentVariable(Name, key);

    public void Dispose() => Environment.SetEnvironmentVariable(Name, null);
}
