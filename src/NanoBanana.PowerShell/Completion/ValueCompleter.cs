using System.Collections;
using System.Management.Automation.Language;

namespace NanoBanana.Completion;

/// <summary>
/// Offers the values of a parameter in a useful order, each with a tooltip. The values are fixed, or come from a quick read of the journal.
/// Completion sends no requests and does not wait.
/// </summary>
internal abstract class ValueCompleter : IArgumentCompleter
{
    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            var word = new TypedWord(wordToComplete);
            return [.. Offer(word.Text, fakeBoundParameters)
                .Where(candidate => word.Matches(candidate.Value) && IsClean(candidate.Value))
                .Select(candidate => ToResult(word, candidate))];
        }
        catch (Exception)
        {
            // An error must not interrupt a user who presses Tab.
            return [];
        }
    }

    /// <summary>The values to offer. Values that don't match the typed word are removed afterwards.</summary>
    /// <param name="typed">The typed word, without quotes.</param>
    /// <param name="bound">The parameters that the command already has, by their full names.</param>
    private protected abstract IEnumerable<Candidate> Offer(string typed, IDictionary bound);

    private static CompletionResult ToResult(TypedWord word, Candidate candidate) => new(
        word.Write(candidate.Value), candidate.Label is null ? candidate.Value : TextSafety.Excerpt(candidate.Label, int.MaxValue),
        CompletionResultType.ParameterValue, TextSafety.Clean(candidate.ToolTip));

    /// <summary>Whether a value can be shown in a terminal as it is. A cleaned value would be another value.</summary>
    private static bool IsClean(string value) => TextSafety.Excerpt(value, int.MaxValue) == value.Trim();

    /// <summary>The value of a parameter in the provider's spelling; null if it is not allowed.</summary>
    private protected static string? Given(IDictionary bound, string parameter, IReadOnlyList<string> allowed)
    {
        string? text = bound[parameter]?.ToString();
        return allowed.FirstOrDefault(value => value.Equals(text, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>A value to offer.</summary>
/// <param name="Value">The value of the parameter.</param>
/// <param name="ToolTip">Its description.</param>
/// <param name="Label">Its text in a list; null for the value.</param>
internal readonly record struct Candidate(string Value, string ToolTip, string? Label = null);
