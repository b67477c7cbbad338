using System.Globalization;

namespace NanoBanana.Lab.History;

/// <summary>How long a command took.</summary>
/// <param name="First">Until its first row, or until its end where it emits none.</param>
/// <param name="All">Until its end.</param>
/// <param name="Rows">How many rows it emitted.</param>
/// <param name="Bytes">Managed memory that it added while it ran, at most.</param>
internal sealed record Measure(TimeSpan First, TimeSpan All, int Rows, long Bytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{First.TotalMilliseconds:N0} ms{(Rows > 1 ? $", {All.TotalMilliseconds:N0} ms for {Rows:N0}" : "")}{(Bytes > 20e6 ? $", {Bytes / 1e6:N0} MB" : "")}");
}
