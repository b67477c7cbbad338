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

    public IReadOnlyList<TypeNote> Inputs { get; init; } = [];

    public IReadOnlyList<TypeNote> Outputs { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<RelatedLink> Links { get; init; } = [];
}
