using System.Globalization;

namespace NanoBanana.Lab.History;

/// <summary>The measurements of a command.</summary>
/// <param name="First">Milliseconds until its first row, or until its end if it emits no row.</param>
/// <param name="All">Milliseconds until its end.</param>
/// <param name="Rows">The number of emitted rows.</param>
/// <param name="Bytes">The largest increase of managed memory, in bytes.</param>
internal sealed record Measure(long First, long All, long Rows, long Bytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{First:N0} ms{(Rows > 1 ? $", {All:N0} ms for {Rows:N0}" : "")}{(Bytes > 20_000_000 ? $", {Bytes / 1_000_000:N0} MB" : "")}");
}
