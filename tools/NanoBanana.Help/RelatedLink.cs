namespace NanoBanana.Help;

/// <summary>Where to read on.</summary>
/// <param name="Address">Empty for another page of this help.</param>
internal sealed record RelatedLink(string Text, string Address);
