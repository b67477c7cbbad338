namespace NanoBanana.Client.Journal;

/// <summary>
/// What makes a claim again harmless: an id that the process makes before it writes, so that the answer to a commit may be lost.
/// </summary>
internal sealed class Claim(Leases leases)
{
    private long? _row;

    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether its change has run before.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>The intent is this process's.</summary>
    public void Take(long row)
    {
        Drop();
        _row = row;
        leases.Add(row);
    }

    public void Drop()
    {
        if (_row is { } row)
            leases.Remove(row);
    }
}
