using System.Collections;
using NanoBanana.Client.Files;

namespace NanoBanana.Completion;

/// <summary>Whole templates for the names of saved pictures and, once something is typed, the fields that can follow it.</summary>
internal sealed class FileNameCompleter : ValueCompleter
{
    private static readonly Candidate[] Templates =
    [
        new("{name}-{id}", "fox-d758n65e878c73cmdg20: what you get when you name none; no two pictures share it"),
        new("{index:000}-{name}", "007-fox: in the order of the prompts"),
        new("{name}", "fox: the name given to the picture, or the first words of its prompt"),
        new("{id}", "d758n65e878c73cmdg20: the task's id alone"),
        new("{date}/{name}-{id}", "2026-01-31/fox-d758n65e878c73cmdg20: a folder for each day"),
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
        "name" => "The name given to the picture, or the first words of its prompt",
        "index" => "The place of its prompt in the input, from 0; {index:000} has three digits",
        "id" => "The task's id: no two pictures share it",
        "prompt" => "The first words of the prompt",
        "batch" => "The name of the batch",
        "image" => "Which picture of its task it is, from 1",
        "aspect" => "The aspect ratio that was asked for, as in 16x9",
        "resolution" => "The resolution that was asked for, as in 2K",
        "date" => "The day it was asked for; {date:HHmm} and other formats of dates too",
        _ => field,
    };
}
