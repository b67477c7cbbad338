using System.Collections;
using System.Globalization;
using NanoBanana.Views;

namespace NanoBanana.Completion;

/// <summary>Resolutions from small to large, with the pixels at the aspect ratio that is typed already, and the tokens.</summary>
internal sealed class ResolutionCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        string ratio = Given(bound, "AspectRatio", ImageModel.AspectRatios) ?? "1:1";
        foreach (string resolution in ImageModel.Resolutions)
        {
            if (!ImageModel.TryGetPixelSize(ratio, resolution, out PixelSize size))
                continue;
            string isDefault = resolution == ImageModel.DefaultResolution ? ", what you get when you name none" : "";
            yield return new Candidate(resolution, string.Format(
                CultureInfo.InvariantCulture, "{0} pixels at {1}, {2} output tokens{3}", PixelSizeText.Of(ratio, resolution, size), ratio, ImageModel.GetOutputTokens(resolution), isDefault));
        }
    }
}
