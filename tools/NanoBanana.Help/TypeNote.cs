namespace NanoBanana.Help;

/// <summary>An input or output type of a command.</summary>
internal sealed record TypeNote(string Type, IReadOnlyList<string> Description);
