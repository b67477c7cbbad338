using System.Collections;

namespace NanoBanana.Completion;

/// <summary>The models that are known here; others can be typed.</summary>
internal sealed class ModelCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
    [
        new(ImageModel.DefaultId, $"Nano Banana 2: prompts of up to {ImageModel.MaximumPromptLength} characters, up to {ImageModel.MaximumImageUrls} pictures to start from, {ImageModel.Resolutions[0]} to {ImageModel.Resolutions[ImageModel.Resolutions.Count - 1]}"),
    ];
}
