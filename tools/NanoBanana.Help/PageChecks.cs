namespace NanoBanana.Help;

/// <summary>Checks that the syntax and the facts of the parameters agree.</summary>
internal static class PageChecks
{
    public static void Check(CommandPage page, string file, ProblemList problems)
    {
        if (page.Syntax.Count(set => set.IsDefault) > 1)
            problems.Add(file, page.Syntax[^1].Line, "Only one parameter set can be the default.");
        foreach (SyntaxSet set in page.Syntax)
            CheckSet(set, page, file, problems);

        HashSet<string> known = [SyntaxReader.AllSets, .. page.Syntax.Select(set => set.Name)];
        foreach (CommandParameter parameter in page.Parameters)
        {
            foreach (string unknown in parameter.Facts.SelectMany(facts => facts.Sets).Where(set => !known.Contains(set)))
                problems.Add(file, parameter.Line, $"SYNTAX does not have the parameter set '{unknown}' of -{parameter.Name}.");
        }
        foreach (IGrouping<string, CommandParameter> group in page.Parameters.GroupBy(p => p.Name).Where(group => group.Count() > 1))
            problems.Add(file, group.Last().Line, $"The page describes -{group.Key} twice.");
    }

    private static void CheckSet(SyntaxSet set, CommandPage page, string file, ProblemList problems)
    {
        foreach (SyntaxItem item in set.Items)
        {
            ParameterFacts? facts = page.Parameters.FirstOrDefault(p => p.Name == item.Name)?.In(set.Name);
            if (facts is null)
                problems.Add(file, set.Line, $"The syntax of {set.Name} has -{item.Name}, but PARAMETERS does not have it for this set.");
            else if (!Agree(item, facts))
                problems.Add(file, set.Line, $"The type, required or position of -{item.Name} differs from the syntax of {set.Name}.");
        }
        HashSet<string> inSyntax = [.. set.Items.Select(item => item.Name)];
        foreach (CommandParameter parameter in page.Parameters.Where(p => p.In(set.Name) is not null && !inSyntax.Contains(p.Name)))
            problems.Add(file, parameter.Line, $"-{parameter.Name} is not in the syntax of {set.Name}.");
    }

    private static bool Agree(SyntaxItem item, ParameterFacts facts) =>
        item.Type == (facts.IsSwitch ? null : facts.Type)
        && item.IsRequired == facts.IsRequired
        && item.IsPositional == facts.Position is not null;
}
