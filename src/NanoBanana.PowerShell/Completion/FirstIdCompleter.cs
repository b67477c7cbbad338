using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace NanoBanana.Completion;

/// <summary>
/// Ids for the first argument of a command that takes a task or an id there. PowerShell asks for both parameters and
/// shows all that it gets, so this one stands on both and answers once: for the task where no parameter is named, for
/// the id where it is.
/// </summary>
internal sealed class FirstIdCompleter : IArgumentCompleter
{
    private readonly TaskIdCompleter _ids = new();

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        bool isNamed = commandAst.CommandElements.OfType<CommandParameterAst>().Any(given => parameterName.StartsWith(given.ParameterName, StringComparison.OrdinalIgnoreCase));
        // Null, unlike an empty list, says that this parameter has nothing to do with the word.
        return isNamed == (parameterName == "Id") ? _ids.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters) : null!;
    }
}
