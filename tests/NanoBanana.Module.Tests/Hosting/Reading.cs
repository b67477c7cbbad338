using StbImageSharp;

namespace NanoBanana.Module.Tests.Hosting;

/// <summary>Reads objects that the module emits. The tests don't reference its types and use PowerShell's properties.</summary>
internal static class Reading
{
    /// <summary>The value of a property.</summary>
    public static object? Get(this PSObject value, string property) => value.Properties[property]?.Value;

    /// <summary>The value of a property as text.</summary>
    public static string Text(this PSObject value, string property) => $"{value.Get(property)}";

    /// <summary>The value of a property, as an object that has properties itself.</summary>
    public static PSObject Part(this PSObject value, string property) => PSObject.AsPSObject(value.Get(property));

    /// <summary>The target of an error, as an object that has properties.</summary>
    public static PSObject Target(this ErrorRecord error) => PSObject.AsPSObject(error.TargetObject);

    /// <summary>The object without PowerShell's wrapper.</summary>
    public static object? Bare(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    /// <summary>Decodes a whole image.</summary>
    /// <returns>Its width and height in pixels.</returns>
    public static (int Width, int Height) PixelSize(string path)
    {
        ImageResult image = ImageResult.FromMemory(File.ReadAllBytes(path), ColorComponents.RedGreenBlue);
        return (image.Width, image.Height);
    }
}
