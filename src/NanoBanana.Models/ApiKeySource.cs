using System.Diagnostics.CodeAnalysis;

namespace NanoBanana;

/// <summary>The source of the key of a connection.</summary>
[SuppressMessage("Design", "CA1028", Justification = "ConvertTo-Json writes the names of a 64-bit enumeration, and the numbers of others.")]
public enum ApiKeySource : long
{
    /// <summary>The <c>-ApiKey</c> parameter.</summary>
    Parameter,

    /// <summary>A secret that <c>Get-Secret</c> read.</summary>
    SecretVault,

    /// <summary>The environment variable <c>NANOBANANA_API_KEY</c>.</summary>
    Environment,
}
