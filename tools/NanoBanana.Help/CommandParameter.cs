namespace NanoBanana.Help;

/// <summary>A parameter and its facts. It has several facts if they differ between parameter sets.</summary>
internal sealed record CommandParameter(string Name, IReadOnlyList<string> Description, IReadOnlyList<ParameterFacts> Facts, int Line)
{
    /// <summary>The facts for a parameter set; null if the parameter is not in the set.</summary>
    public ParameterFacts? In(string set) =>
        Facts.FirstOrDefault(facts => facts.Sets.Contains(set)) ?? Facts.FirstOrDefault(facts => facts.Sets.Contains(SyntaxReader.AllSets));
}
