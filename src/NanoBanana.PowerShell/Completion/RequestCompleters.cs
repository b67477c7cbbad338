using System.Collections;
using NanoBanana.Client.Files;
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
                yield return new Candidate(ratio, $"{Shape(size)}, {TaskCells.SizeText(ratio, resolution, size)} pixels at {resolution}");
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
            string pixels = TaskCells.SizeText(ratio, resolution, size);
            yield return new Candidate(resolution, $"{pixels} pixels at {ratio}, {ImageModel.GetOutputTokens(resolution)} output tokens{isDefault}");
        }
    }
}

/// <summary>What an answer can be made of.</summary>
internal sealed class ResponseModalityCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
        ImageModel.ResponseModalities.Select(modality => new Candidate(modality, modality switch
        {
            "Image" => "The image",
            "Text" => "What the model says of it, in the task's property Text",
            _ => modality,
        }));
}

/// <summary>The models that are known here; others can be typed.</summary>
internal sealed class ModelCompleter : ValueCompleter
{
    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound) =>
    [
        new(ImageModel.DefaultId, $"Nano Banana 2: prompts of up to {ImageModel.MaximumPromptLength} characters, up to {ImageModel.MaximumImageUrls} images to start from, {ImageModel.Resolutions[0]} to {ImageModel.Resolutions[ImageModel.Resolutions.Count - 1]}"),
    ];
}

/// <summary>Whole templates for the names of saved images and, once something is typed, the fields that can follow it.</summary>
internal sealed class FileNameCompleter : ValueCompleter
{
    private static readonly Candidate[] Templates =
    [
        new("{name}-{id}", "fox-d758n65e878c73cmdg20: what you get when you name none; no two images share it"),
        new("{index:000}-{name}", "007-fox: in the order of the prompts"),
        new("{name}", "fox: the name given to the image, or the first words of its prompt"),
        new("{id}", "d758n65e878c73cmdg20: the task's id alone"),
        new("{date}/{name}-{id}", "2026-01-31/fox-d758n65e878c73cmdg20: a folder for each day"),
        new("{name}{next}", "fox, fox-2, fox-3: the next name that is free"),
        new("{source}-{id}", "photo-d758n65e878c73cmdg20: an edited image, after the file that it was made from"),
        new("{name}-{aspect}-{resolution}", "fox-16x9-2K: for the same prompt in several shapes"),
    ];

    private protected override IEnumerable<Candidate> Offer(string typed, IDictionary bound)
    {
        if (typed.Length == 0)
            return Templates;
        int brace = typed.LastIndexOf('{');
        string before = brace > typed.LastIndexOf('}') ? typed.Substring(0, brace) : typed;
        IEnumerable<Candidate> fields = FileNameTemplate.Fields.Select(field => new Candidate(before + "{" + field + "}", Meaning(field)));
        return Templates.Concat(fields).GroupBy(candidate => candidate.Value).Select(same => same.First());
    }

    private static string Meaning(string field) => field switch
    {
        "name" => "The name given to the image, or the first words of its prompt",
        "source" => "The name of the input image, for edited images",
        "variation" => "Which variation of its input it is: 1, 2, or 16x9-2",
        "next" => "Nothing, or -2, -3 and so on where the name is taken",
        "index" => "The place of its prompt in the input, from 0; {index:000} has three digits",
        "id" => "The task's id: no two images share it",
        "prompt" => "The first words of the prompt",
        "batch" => "The name of the batch",
        "image" => "Which image of its task it is, from 1",
        "aspect" => "The aspect ratio that was asked for, as in 16x9",
        "resolution" => "The resolution that was asked for, as in 2K",
        "date" => "The day it was asked for; {date:HHmm} and other formats of dates too",
        _ => field,
    };
}
