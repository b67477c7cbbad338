namespace NanoBanana.Emulator;

/// <summary>A file that was uploaded: what left the client's machine.</summary>
/// <param name="Address">The address that the upload was answered with.</param>
/// <param name="MediaType">The media type that the client named.</param>
/// <param name="FileName">The file name that the client named.</param>
/// <param name="Content">The bytes.</param>
public sealed record EmulatorUpload(Uri Address, string MediaType, string FileName, IReadOnlyList<byte> Content);
