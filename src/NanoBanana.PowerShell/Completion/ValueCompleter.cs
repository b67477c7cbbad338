using System.Collections;
using System.Management.Automation.Language;

namespace NanoBanana.Completion;

/// <summary>
/// Offers the values of a parameter, in an order that helps, each with a tooltip. It knows what it offers, or has it from
/// a glance at the journal: nothing is asked over the network, nothing is waited for.
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
                .Where(candidate => word.Begins(candidate.Value) && IsHarmless(candidate.Value))
                .Select(candidate => ToResult(word, candidate))];
        }
        catch (Exception)
        {
            // Whoever presses Tab is in the middle of a line: no error may come between.
            return [];
        }
    }

    /// <summary>What there is to offer; what does not fit the typed word is left out afterwards.</summary>
    /// <param name="typed">The word so far, without quotes.</param>
    /// <param name="bound">The parameters that stand in the command already, by their full names.</param>
    private protected abstract IEnumerable<Candidate> Offer(string typed, IDictionary bound);

    private static CompletionResult ToResult(TypedWord word, Candidate candidate) => new(
        word.Write(candidate.Value), candidate.Label is null ? candidate.Value : TextSafety.Excerpt(candidate.Label, int.MaxValue),
        CompletionResultType.ParameterValue, TextSafety.Clean(candidate.ToolTip));

    /// <summary>What could disturb the terminal is not offered: cleaned, it would be another value.</summary>
    private static bool IsHarmless(string value) => TextSafety.Excerpt(value, int.MaxValue) == value.Trim();

    /// <summary>A parameter's value if it is one of the allowed, in the provider's spelling.</summary>
    private protected static string? Given(IDictionary bound, string parameter, IReadOnlyList<string> allowed)
    {
        string? text = bound[parameter]?.ToString();
        return allowed.FirstOrDefault(value => value.Equals(text, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>A value to offer, and what helps to choose it.</summary>
/// <param name="Value">The value of the parameter.</param>
/// <param name="ToolTip">What it is.</param>
/// <param name="Label">How it stands in a list; null for the value alone.</param>
internal readonly record struct Candidate(string Value, string ToolTip, string? Label = null);
