using System.Collections;
using NanoBanana.Client.Files;
using NanoBanana.Views;

namespace NanoBanana.Completion;

/// <summary>Aspect ratios, the common ones first, with the pixels at the value of -Resolution.</summary>
internal sealed class AspectRatioCompleter : ValueCompleter
{
    private static readonly string[] CommonFirst =
        ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5", "21:9", "4:1", "1:4", "8:1", "1:8"];

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        string resolution = Given(bound, "Resolution", ImageModel.Resolutions) ?? ImageModel.DefaultResolution;
        foreach (string ratio in CommonFirst.Union(ImageModel.AspectRatios))
        {
            if (!ImageModel.TryGetPixelSize(ratio, resolution, out PixelSize size))
                continue;
            string pixels = TaskCells.SizeText(ratio, resolution, size);
            yield return new Candidate(ratio, Messages.RatioTip((double)size.Width / size.Height, pixels, resolution));
        }
    }
}

/// <summary>Resolutions from small to large, with the pixels at the value of -AspectRatio, and the tokens.</summary>
internal sealed class ResolutionCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        string ratio = Given(bound, "AspectRatio", ImageModel.AspectRatios) ?? "1:1";
        foreach (string resolution in ImageModel.Resolutions)
        {
            if (!ImageModel.TryGetPixelSize(ratio, resolution, out PixelSize size))
                continue;
            string pixels = TaskCells.SizeText(ratio, resolution, size);
            yield return new Candidate(resolution, Messages.ResolutionTip(
                pixels, ratio, ImageModel.GetOutputTokens(resolution), resolution == ImageModel.DefaultResolution));
        }
    }
}

/// <summary>The kinds of content of an answer.</summary>
internal sealed class ResponseModalityCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        ImageModel.ResponseModalities.Select(modality => new Candidate(modality, Messages.ModalityTip(modality)));
}

/// <summary>The default model. Users can type other models.</summary>
internal sealed class ModelCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
    [
        new(ImageModel.DefaultId, Messages.DefaultModelTip),
    ];
}

/// <summary>Templates for the names of saved images and, after typed text, the fields that can follow.</summary>
internal sealed class FileNameCompleter : ValueCompleter
{
    private static readonly Candidate[] Templates =
    [
        .. new[]
        {
            "{name}-{id}", "{index:000}-{name}", "{name}", "{id}", "{date}/{name}-{id}", "{name}{next}", "{source}-{id}",
            "{name}-{aspect}-{resolution}",
        }.Select(template => new Candidate(template, Messages.TemplateTip(template))),
    ];

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        if (typed.Length == 0)
            return Templates;
        int brace = typed.LastIndexOf('{');
        string before = brace > typed.LastIndexOf('}') ? typed.Substring(0, brace) : typed;
        IEnumerable<Candidate> fields = FileNameTemplate.Fields.Select(field =>
            new Candidate(before + "{" + field + "}", Messages.FieldTip(field)));
        return Templates.Concat(fields).GroupBy(candidate => candidate.Value).Select(group => group.First());
    }
}
