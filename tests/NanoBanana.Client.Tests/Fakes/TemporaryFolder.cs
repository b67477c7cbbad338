using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Fakes;

/// <summary>A folder that is deleted with its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("nanobanana-").FullName;

    public string Path { get; }

    /// <summary>Relative paths of all files in the folder, including temporary ones.</summary>
    public string[] Files =>
        [
            .. Directory.GetFiles(Path, "*", SearchOption.AllDirectories)
                .Select(f => System.IO.Path.GetRelativePath(Path, f)).Order(StringComparer.Ordinal),
        ];

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public byte[] Read(string name) => File.ReadAllBytes(At(name));

    /// <summary>Saves images in the folder under the id of their task.</summary>
    public ImageTarget Target(string template = "{id}", bool force = false) =>
        ImageTarget.InDirectory(Path, FileNameTemplate.Parse(template), force);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
