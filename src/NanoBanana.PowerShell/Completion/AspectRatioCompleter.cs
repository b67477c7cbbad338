using System.Collections;
using NanoBanana.Views;

namespace NanoBanana.Completion;

/// <summary>Aspect ratios, the common ones first, with the pixels at the resolution that is typed already.</summary>
internal sealed class AspectRatioCompleter : ValueCompleter
{
    private static readonly string[] CommonFirst = ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "21:9", "4:1", "1:4", "8:1", "1:8"];

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        string resolution = Given(bound, "Resolution", ImageModel.Resolutions) ?? ImageModel.DefaultResolution;
        foreach (string ratio in CommonFirst.Union(ImageModel.AspectRatios))
        {
            if (ImageModel.TryGetPixelSize(ratio, resolution, out PixelSize size))
                yield return new Candidate(ratio, $"{Shape(size)}, {PixelSizeText.Of(ratio, resolution, size)} pixels at {resolution}");
        }
    }

    private static string Shape(PixelSize size) => ((double)size.Width / size.Height) switch
    {
        >= 3 => "Long strip",
        >= 2 => "Wide screen",
        > 1 => "Landscape",
        1 => "Square",
        > 0.3 => "Portrait",
        _ => "Tall strip",
    };
}
