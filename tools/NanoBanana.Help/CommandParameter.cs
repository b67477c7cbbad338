namespace NanoBanana.Help;

/// <summary>A parameter and its facts. It has several facts if they differ between parameter sets.</summary>
internal sealed record CommandParameter(string Name, IReadOnlyList<string> Description, IReadOnlyList<ParameterFacts> Facts, int Line)
{
    /// <summary>The facts for a parameter set; null if the parameter is not in the set.</summary>
    public ParameterFacts? In(string set) =>
        Facts.FirstOrDefault(facts => facts.Sets.Contains(set)) ?? Facts.FirstOrDefault(facts => facts.Sets.Contains(SyntaxReader.AllSets));
}

/// <summary>The yaml block of a parameter, which applies to its parameter sets.</summary>
internal sealed record ParameterFacts
{
    public required string Type { get; init; }

    public required IReadOnlyList<string> Sets { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Empty if any value is accepted.</summary>
    public required IReadOnlyList<string> AcceptedValues { get; init; }

    public required bool IsRequired { get; init; }

    /// <summary>From 0; null for a named parameter.</summary>
    public required int? Position { get; init; }

    public required string DefaultValue { get; init; }

    /// <summary><c>False</c>, <c>True (ByValue)</c>, <c>True (ByPropertyName)</c> or <c>True (ByPropertyName, ByValue)</c>.</summary>
    public required string PipelineInput { get; init; }

    public required bool AcceptsWildcards { get; init; }

    public bool IsSwitch => Type == "SwitchParameter";
}
