using System.Text.RegularExpressions;

namespace NanoBanana.Module.Tests.Surface.PlainEnglish;

/// <summary>A word or phrase that texts, comments and names must not contain.</summary>
/// <param name="Pattern">A regular expression. It matches whole words, in any case.</param>
/// <param name="Instead">What to write instead.</param>
internal sealed record AvoidedWord(string Pattern, string Instead);

/// <summary>A use of an avoided word that is allowed.</summary>
/// <param name="Path">A part of the path of the file; empty for all files.</param>
/// <param name="Context">A regular expression. The word is allowed inside a match of it.</param>
/// <param name="Reason">Why the word is necessary.</param>
internal sealed record AllowedUse(string Path, string Context, string Reason);

/// <summary>The rules of <see cref="PlainEnglishTests"/>. This is the place to change them.</summary>
internal static class EnglishRules
{
    public const int LongestLine = 140;

    /// <summary>Files whose lines can be longer: build files, whose attributes can't be broken, and transcripts of sessions.</summary>
    public static readonly Regex LongLines = new(@"\.csproj$|Transcripts/SessionTranscripts\.cs$");

    public static readonly AvoidedWord[] Words =
    [
        new("pictures?", "image (a screenshot of a terminal)"),
        new("fates?", "outcome"),
        new("begun", "started"),
        new("mend(s|ed|ing)?", "fix, repair"),
        new("anew|once more", "again"),
        new("in hand", "has a lease on"),
        new("(is|are|was|were|has|have|had) (?-i:none)", "has no ..., there is no ..., is not ..."),
        new("for ever", "always, without an end"),
        new("nobody", "a sentence with the actor, or without one"),
        new("(who|what|which|wher)ever", "any ..., anyone who ..., or a plain condition"),
        new("all the same", "but, although"),
        new("(tell|tells|told|telling) apart", "distinguish"),
        new("at once", "immediately; or: at the same time"),
        new("(of|by) (itself|themselves)|of (its|their) own accord", "automatically"),
        new("on (its|their) way", "in flight, being sent"),
        new("forg[eo]t(s|ten|ting)?", "remove"),
        new("hears?|heard", "receives"),
        new("owe[sd]?", "requires"),
        new("speaks?|spoken?|talk(s|ing)?", "uses (a dialect), supports"),
        new("g[ai]ves? way", "waits, ends"),
        new("go(es|ing)? on", "continue"),
        new("lets? go", "release"),
        new("any ?more", "no longer"),
        new("tells|told|knows|believes", "(of code) contains, has, reports, writes, assumes"),
        new("colour(s|ed)?|behaviours?|neighbours?|favou?r(s|ed)?|centred?|licen[c]es?|recognis(e[sd]?|ing)", "American spelling"),
        new("cancell(ed|ing)", "canceled, canceling"),
        new("likewise|thus|hence|albeit|lest|shall|upon", "a plain word, or nothing"),
        new("a word of|the very", "nothing"),
    ];

    public static readonly AllowedUse[] Allowed =
    [
        new("", "</?picture>", "HTML has this element."),
        new("", "\"picture\"|photo\\|picture\\|", "Providers and users' files use this word."),
        new("SqliteSchema.cs", "which of the task's pictures", "A step of the schema that was released never changes."),
        new("", "\"cancelled\"|CANCELLED|status:cancelled", "Providers send this status."),
        new("NanoBanana.Lab/Postgres/PostgresPrograms.cs", "user nobody|\"nobody\"|a user nobody", "This is a user of Unix."),
        new("Surface/PlainEnglish/", ".*", "These files contain the words."),
    ];

    /// <summary>Recorded and generated files, and legal texts. The check does not read them.</summary>
    public static readonly Regex Skipped = new(
        @"(^|/)(bin|obj|out|artifacts|TestResults|images|\.git|\.vs|\.idea|LICENSE|THIRD-PARTY-NOTICES\.txt|packages\.lock\.json"
        + @"|public-surface\.txt|answer-shapes\.txt)(/|$)");

    /// <summary>Text files. All other files are not read.</summary>
    public static readonly Regex TextFiles = new(
        @"\.(cs|ps1|psm1|psd1|ps1xml|md|txt|csv|csproj|props|targets|js|css|html)$|(^|/)\.ci/run$");
}
