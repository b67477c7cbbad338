namespace NanoBanana.Help;

/// <summary>The help of one command.</summary>
internal sealed record CommandPage
{
    public required string Name { get; init; }

    public string OnlineVersion { get; init; } = "";

    public IReadOnlyList<string> Synopsis { get; init; } = [];

    public IReadOnlyList<SyntaxSet> Syntax { get; init; } = [];

    public IReadOnlyList<string> Description { get; init; } = [];

    public IReadOnlyList<CommandExample> Examples { get; init; } = [];

    public IReadOnlyList<CommandParameter> Parameters { get; init; } = [];

    public IReadOnlyList<TypeDescription> Inputs { get; init; } = [];

    public IReadOnlyList<TypeDescription> Outputs { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<RelatedLink> Links { get; init; } = [];
}

/// <summary>An example: its title, its code and the remarks.</summary>
/// <param name="Line">The line of the heading.</param>
internal sealed record CommandExample(string Title, string Code, IReadOnlyList<string> Remarks, int Line)
{
    /// <summary>The output of the code; null if the page does not show it.</summary>
    public string? Output { get; init; }
}

/// <summary>An input or output type of a command.</summary>
internal sealed record TypeDescription(string Type, IReadOnlyList<string> Description);

/// <summary>A related link.</summary>
/// <param name="Address">Empty for another page of this help.</param>
internal sealed record RelatedLink(string Text, string Address);
