using NanoBanana.Emulator.Provider;

namespace NanoBanana.Emulator.Faults;

/// <summary>
/// Decides by rate which requests go wrong and how. What is drawn depends on the seed, the request, and how many equal
/// ones came before it, but not on the order in which different requests arrive: a concurrent run meets the same faults.
/// </summary>
internal sealed class FaultDice(EmulatorOptions options)
{
    /// <summary>What is drawn unless it is chosen: all that a careful client outlives within seconds.</summary>
    private static readonly EmulatorFaultKind[] Usual =
    [
        .. Enum.GetValues(typeof(EmulatorFaultKind)).Cast<EmulatorFaultKind>().Except(
        [
            EmulatorFaultKind.Unauthorized, EmulatorFaultKind.Forbidden, EmulatorFaultKind.NotFound,
            EmulatorFaultKind.Stall, EmulatorFaultKind.StallBody,
        ]),
    ];

    private readonly EmulatorFaultKind[][] _kinds =
    [
        .. Enum.GetValues(typeof(EmulatorOperation)).Cast<EmulatorOperation>()
            .Select(operation => (options.FaultKinds ?? Usual).Distinct().Where(kind => DrawnFault.Fits(kind, operation)).ToArray()),
    ];

    /// <param name="request">The request.</param>
    /// <param name="identity">A hash of what makes it equal to another.</param>
    public EmulatorFault? Roll(EmulatorRequest request, ulong identity)
    {
        EmulatorFaultKind[] kinds = _kinds[(int)request.Operation];
        var seed = new SeededRandom(SeededRandom.Mix((ulong)options.Seed ^ identity) + (ulong)request.Attempt);
        var random = new SeededRandom(seed.Next());
        if (random.NextDouble() >= options.FaultRate || kinds.Length == 0)
            return null;
        return DrawnFault.Make(kinds[random.Next() % (ulong)kinds.Length], request, ref random);
    }
}
