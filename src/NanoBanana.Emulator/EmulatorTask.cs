namespace NanoBanana.Emulator;

/// <summary>What the emulator remembers of a task that it accepted: a snapshot.</summary>
public sealed record EmulatorTask
{
    /// <summary>The task's id: 20 lowercase letters and digits, after <c>mmsu_</c> and more of them under the queue protocol.</summary>
    public required string Id { get; init; }

    /// <summary>The protocol that it was bought under, <c>generation</c> or <c>queue</c>; it is known under no other.</summary>
    public required string Protocol { get; init; }

    /// <summary>The prompt as it came over the wire.</summary>
    public required string Prompt { get; init; }

    /// <summary>The parameter object as it came over the wire: JSON text.</summary>
    public required string Parameters { get; init; }

    /// <summary>When the task was accepted, by the emulator's clock.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>How many times the task was polled.</summary>
    public required int Polls { get; init; }

    /// <summary>Whether it was canceled before its end.</summary>
    public required bool IsCanceled { get; init; }

    /// <summary>How many times the picture was sent to a GET, whole or by range.</summary>
    public required int Downloads { get; init; }
}
