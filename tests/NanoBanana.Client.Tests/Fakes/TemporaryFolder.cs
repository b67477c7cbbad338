using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>A folder of the test's own, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("nanobanana-").FullName;

    public string Path { get; }

    /// <summary>Every file in it, temporary ones too, as paths below it.</summary>
    public string[] Files =>
        [.. Directory.GetFiles(Path, "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(Path, f)).Order(StringComparer.Ordinal)];

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public byte[] Read(string name) => File.ReadAllBytes(At(name));

    /// <summary>Images go here, named by their task's id.</summary>
    public ImageTarget Target(string template = "{id}", bool force = false) =>
        ImageTarget.InDirectory(Path, FileNameTemplate.Parse(template), force);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
