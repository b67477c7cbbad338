namespace NanoBanana.Emulator;

/// <summary>A task that the emulator accepted: a snapshot.</summary>
/// <param name="Id">The task's id: 20 lowercase letters and digits. Ids of the queue dialect start with <c>mmsu_</c>.</param>
/// <param name="Protocol">The dialect of its submission, <c>generation</c> or <c>queue</c>. The other dialect doesn't find it.</param>
/// <param name="Prompt">The prompt as received.</param>
/// <param name="Parameters">The parameter object as received: JSON text.</param>
/// <param name="AcceptedAt">When the task was accepted, by the emulator's clock.</param>
/// <param name="Polls">The number of polls of the task.</param>
/// <param name="IsCanceled">Whether it was canceled before it ended.</param>
/// <param name="Downloads">The number of GET requests that received the image, whole or by range.</param>
public sealed record EmulatorTask(
    string Id, string Protocol, string Prompt, string Parameters, DateTimeOffset AcceptedAt, int Polls, bool IsCanceled, int Downloads);

/// <summary>An uploaded file.</summary>
/// <param name="Address">The address in the answer to the upload.</param>
/// <param name="MediaType">The media type that the client sent.</param>
/// <param name="FileName">The file name that the client sent.</param>
/// <param name="Content">The bytes.</param>
public sealed record EmulatorUpload(Uri Address, string MediaType, string FileName, IReadOnlyList<byte> Content);
