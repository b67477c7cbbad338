using System.Collections;

namespace NanoBanana.Completion;

/// <summary>What an answer can be made of.</summary>
internal sealed class ResponseModalityCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        ImageModel.ResponseModalities.Select(modality => new Candidate(modality, modality switch
        {
            "Image" => "The picture",
            "Text" => "What the model says of it, in the task's property Text",
            _ => modality,
        }));
}
