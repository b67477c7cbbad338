namespace NanoBanana;

/// <summary>Where the key of a connection came from.</summary>
public enum ApiKeySource
{
    /// <summary>The <c>-ApiKey</c> parameter.</summary>
    Parameter,

    /// <summary>A secret read with <c>Get-Secret</c>.</summary>
    SecretVault,

    /// <summary>The environment variable <c>NANOBANANA_API_KEY</c>.</summary>
    Environment,
}
