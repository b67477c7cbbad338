namespace NanoBanana.Emulator;

/// <summary>A form in which a request names an input image.</summary>
public enum EmulatorImageForm
{
    /// <summary>A data URI.</summary>
    DataUri,

    /// <summary>Base64 and nothing else.</summary>
    Base64,

    /// <summary>An http or https address, such as that of an upload.</summary>
    Address,
}
