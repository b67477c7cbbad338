using NanoBanana.Help;

// NanoBanana.Help DOCS OUTPUT: converts docs/commands/*.md and docs/about/*.md to the files of Get-Help.
if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: NanoBanana.Help DOCS OUTPUT");
    return 2;
}
var problems = new ProblemList();
HelpBuild.Run(args[0], args[1], problems);
foreach (Problem problem in problems)
    Console.Error.WriteLine(problem);
return problems.Count == 0 ? 0 : 1;
