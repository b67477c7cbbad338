namespace NanoBanana.Help;

/// <summary>A related link.</summary>
/// <param name="Address">Empty for another page of this help.</param>
internal sealed record RelatedLink(string Text, string Address);
