using System.Globalization;

namespace NanoBanana.Lab.History;

/// <summary>How long a command took.</summary>
/// <param name="First">Milliseconds until its first row, or until its end where it emits none.</param>
/// <param name="All">Milliseconds until its end.</param>
/// <param name="Rows">How many rows it emitted.</param>
/// <param name="Bytes">Managed memory that it added while it ran, at most.</param>
internal sealed record Measure(long First, long All, long Rows, long Bytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{First:N0} ms{(Rows > 1 ? $", {All:N0} ms for {Rows:N0}" : "")}{(Bytes > 20_000_000 ? $", {Bytes / 1_000_000:N0} MB" : "")}");
}
