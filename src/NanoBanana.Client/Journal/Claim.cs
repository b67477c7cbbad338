namespace NanoBanana.Client.Journal;

/// <summary>
/// Makes a claim idempotent. The process makes the id before it writes, so it can find its own claim if the answer to the commit was lost.
/// </summary>
internal sealed class Claim(Leases leases)
{
    private long? _row;

    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether the change has run before.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>Leases the intent to this process.</summary>
    public void SetRow(long row)
    {
        Release();
        _row = row;
        leases.AddIntent(row);
    }

    /// <summary>Releases the lease on the intent, if there is one.</summary>
    public void Release()
    {
        if (_row is { } row)
            leases.RemoveIntent(row);
    }
}
