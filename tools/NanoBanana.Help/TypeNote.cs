namespace NanoBanana.Help;

/// <summary>A type that a command takes or emits.</summary>
internal sealed record TypeNote(string Type, IReadOnlyList<string> Description);
