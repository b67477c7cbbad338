using System.CommandLine;
using System.Globalization;

namespace NanoBanana.Lab;

/// <summary>Common parts of all verbs: result, exit code, and options with a range.</summary>
internal static class Verb
{
    /// <param name="name">The name on the command line.</param>
    /// <param name="description">One sentence for the help.</param>
    /// <param name="parameters">Options and arguments.</param>
    /// <param name="run">Returns the result as a sentence, or an empty string for no output.</param>
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
    /// <param name="name">Its name, with dashes.</param>
    /// <param name="defaultValue">The default; null for 0, which the help does not show.</param>
    /// <param name="minimum">The smallest valid number.</param>
    /// <param name="description">Its description in the help.</param>
    public static Option<int> Number(string name, int? defaultValue, int minimum, string description) => new(name)
    {
        HelpName = "N",
        Description = description,
        DefaultValueFactory = defaultValue is { } number ? _ => number : null,
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= minimum)
                return number;
            argument.AddError($"{name} can't be '{text}'. Use a whole number of at least {minimum}.");
            return 0;
        },
    };

    /// <summary>A required option that takes a whole number.</summary>
    public static Option<int> RequiredNumber(string name, int minimum, string description)
    {
        Option<int> option = Number(name, null, minimum, description);
        option.Required = true;
        return option;
    }

    /// <summary>An option that takes a number from 0 to 1.</summary>
    public static Option<double> Share(string name, double defaultValue, string description) => new(name)
    {
        HelpName = "0..1",
        Description = description,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1)
                return share;
            argument.AddError($"{name} can't be '{text}'. Use a number from 0 to 1, for example 0.1.");
            return 0;
        },
    };

    /// <summary>The option for the path of a pwsh.</summary>
    public static Option<FileInfo> Pwsh() => new Option<FileInfo>("--pwsh")
    {
        HelpName = "PATH",
        Description = "The pwsh that runs scripts and imports [default: the one of tools/Pwsh].",
    }.AcceptExistingOnly();

    /// <summary>The option for the folder of created files.</summary>
    public static Option<DirectoryInfo> Folder() => new Option<DirectoryInfo>("--folder")
    {
        HelpName = "PATH",
        Description = "The folder of images and journals [default: the folder for temporary files].",
    }.AcceptExistingOnly();
}
