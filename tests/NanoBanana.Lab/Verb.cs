using System.CommandLine;
using System.Globalization;

namespace NanoBanana.Lab;

/// <summary>What all verbs have in common: how they end, and options with a range.</summary>
internal static class Verb
{
    /// <param name="name">What is typed.</param>
    /// <param name="description">One sentence for the help.</param>
    /// <param name="parameters">Options and arguments.</param>
    /// <param name="run">Returns the sentence that reports success; empty where nothing is to be said.</param>
    public static Command Create(string name, string description, IEnumerable<Symbol> parameters, Func<ParseResult, Task<string>> run)
    {
        var command = new Command(name, description);
        foreach (Symbol parameter in parameters)
        {
            if (parameter is Option option)
                command.Add(option);
            else
                command.Add((Argument)parameter);
        }
        command.SetAction(async (arguments, _) =>
        {
            try
            {
                string result = await run(arguments);
                if (result.Length > 0)
                    Console.WriteLine($"Passed: {result}");
                return 0;
            }
            catch (LabException e)
            {
                Console.Error.WriteLine($"Failed: {e.Message}");
                return 1;
            }
        });
        return command;
    }

    /// <summary>An option that takes a whole number.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="byDefault">What it is when it is left out; null for 0, which help does not show.</param>
    /// <param name="least">The smallest number that it takes.</param>
    /// <param name="description">For the help.</param>
    public static Option<int> Number(string name, int? byDefault, int least, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = byDefault is { } number ? _ => number : null,
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least)
                return number;
            argument.AddError($"{name} does not take '{text}'; it takes a whole number of at least {least}.");
            return 0;
        },
    };

    /// <summary>The same, and it can't be left out.</summary>
    public static Option<int> RequiredNumber(string name, int least, string description)
    {
        Option<int> option = Number(name, null, least, description);
        option.Required = true;
        return option;
    }

    /// <summary>An option that takes a number from 0 to 1.</summary>
    public static Option<double> Share(string name, double byDefault, string description) => new(name)
    {
        HelpName = "0..1",
        Description = description,
        DefaultValueFactory = _ => byDefault,
        CustomParser = argument =>
        {
            if (double.TryParse(argument.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1)
                return share;
            argument.AddError($"{name} does not take '{argument.Tokens[0].Value}'; it takes a number from 0 to 1, for example 0.1.");
            return 0;
        },
    };

    /// <summary>The option that names a pwsh.</summary>
    public static Option<FileInfo> Pwsh() => new Option<FileInfo>("--pwsh")
    {
        HelpName = "PATH",
        Description = "The pwsh that runs scripts and imports [default: the one of tools/Pwsh].",
    }.AcceptExistingOnly();

    /// <summary>The option that names the folder of what is made.</summary>
    public static Option<DirectoryInfo> Folder() => new Option<DirectoryInfo>("--folder")
    {
        HelpName = "PATH",
        Description = "Where images and journals go [default: the folder for temporary files].",
    }.AcceptExistingOnly();
}
