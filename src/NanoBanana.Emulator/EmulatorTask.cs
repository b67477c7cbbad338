namespace NanoBanana.Emulator;

/// <summary>What the emulator stores of a task that it accepted: a snapshot.</summary>
/// <param name="Id">The task's id: 20 lowercase letters and digits, after <c>mmsu_</c> and more of them under the queue protocol.</param>
/// <param name="Protocol">The protocol that it was bought under, <c>generation</c> or <c>queue</c>; it is known under no other.</param>
/// <param name="Prompt">The prompt as it came over the wire.</param>
/// <param name="Parameters">The parameter object as it came over the wire: JSON text.</param>
/// <param name="AcceptedAt">When the task was accepted, by the emulator's clock.</param>
/// <param name="Polls">How many times the task was polled.</param>
/// <param name="IsCanceled">Whether it was canceled before its end.</param>
/// <param name="Downloads">How many times the image was sent to a GET, whole or by range.</param>
public sealed record EmulatorTask(
    string Id, string Protocol, string Prompt, string Parameters, DateTimeOffset AcceptedAt, int Polls, bool IsCanceled, int Downloads);

/// <summary>A file that was uploaded: what left the client's machine.</summary>
/// <param name="Address">The address that the upload was answered with.</param>
/// <param name="MediaType">The media type that the client named.</param>
/// <param name="FileName">The file name that the client named.</param>
/// <param name="Content">The bytes.</param>
public sealed record EmulatorUpload(Uri Address, string MediaType, string FileName, IReadOnlyList<byte> Content);
