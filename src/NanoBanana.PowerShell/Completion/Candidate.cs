namespace NanoBanana.Completion;

/// <summary>A value to offer, and what helps to choose it.</summary>
internal readonly record struct Candidate(string Value, string ToolTip);
