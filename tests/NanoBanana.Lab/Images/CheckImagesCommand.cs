using System.CommandLine;
using StbImageSharp;

namespace NanoBanana.Lab.Images;

/// <summary>The verb <c>check-images</c>. It decodes images with an independent decoder, for .ci/run.</summary>
internal static class CheckImagesCommand
{
    private static readonly Argument<DirectoryInfo> Folder = new Argument<DirectoryInfo>("folder")
    {
        Description = "The folder of the images. It must contain no other files.",
    }.AcceptExistingOnly();
    private static readonly Option<int> Count = Verb.RequiredNumber("--count", minimum: 1, "The expected number of images.");
    private static readonly Option<int> Width = Verb.RequiredNumber("--width", minimum: 1, "Their width in pixels.");
    private static readonly Option<int> Height = Verb.RequiredNumber("--height", minimum: 1, "Their height in pixels.");

    public static Command Create() => Verb.Create(
        "check-images",
        "Decodes all images of a folder and checks their number and size.",
        [Folder, Count, Width, Height],
        arguments => Task.FromResult(Run(arguments)));

    private static string Run(ParseResult arguments)
    {
        FileInfo[] files = [.. arguments.GetRequiredValue(Folder).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal)];
        (int count, string size) = (arguments.GetValue(Count), $"{arguments.GetValue(Width)} x {arguments.GetValue(Height)}");
        string[] sizes = [.. files.Select(SizeOf)];
        Report.Table(["image", "size"], files.Select((file, i) => new[] { file.Name, sizes[i] }));
        int wrong = sizes.Count(found => found != size);
        return wrong == 0 && files.Length == count
            ? $"{count} images of {size}."
            : throw new LabException($"The folder has {files.Length} images, but {count} are expected. {wrong} images are not {size}.");
    }

    private static string SizeOf(FileInfo file)
    {
        try
        {
            using FileStream stream = file.OpenRead();
            var image = ImageResult.FromStream(stream, ColorComponents.RedGreenBlue);
            return $"{image.Width} x {image.Height}";
        }
        catch (Exception e) when (e is not IOException)
        {
            return $"can't be decoded: {e.Message}";
        }
    }
}
