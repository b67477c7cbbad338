namespace NanoBanana.Help;

/// <summary>A parameter, and its facts: more than one where parameter sets differ in them.</summary>
internal sealed record CommandParameter(string Name, IReadOnlyList<string> Description, IReadOnlyList<ParameterFacts> Facts, int Line)
{
    /// <summary>What holds in a set; null when the parameter is not in it.</summary>
    public ParameterFacts? In(string set) =>
        Facts.FirstOrDefault(facts => facts.Sets.Contains(set)) ?? Facts.FirstOrDefault(facts => facts.Sets.Contains(SyntaxReader.AllSets));
}
