namespace NanoBanana.Client.Files;

/// <summary>
/// A set of hashes that only grows. A run can have a million prompts. In a HashSet, an entry takes up to 40 bytes while the set grows. Here
/// it takes 8, and a search takes two microseconds in a million entries. For any thread.
/// </summary>
/// <remarks>The probability that two of a million SHA-256 are equal in their first 64 bits is 1 to 37 million.</remarks>
internal sealed class CompactSet
{
    private const int PartLength = 1 << 16;

    private readonly HashSet<ulong> _newest = [];
    private readonly List<ulong[]> _sortedParts = [];

    /// <summary>Adds a hash.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(ulong hash)
    {
        lock (_sortedParts)
        {
            if (Contains(hash))
                return false;
            _newest.Add(hash);
            if (_newest.Count == PartLength)
            {
                ulong[] part = [.. _newest];
                Array.Sort(part);
                _sortedParts.Add(part);
                _newest.Clear();
            }
            return true;
        }
    }

    /// <summary>Whether the set contains a hash.</summary>
    public bool Contains(ulong hash)
    {
        lock (_sortedParts)
            return _newest.Contains(hash) || _sortedParts.Exists(part => Array.BinarySearch(part, hash) >= 0);
    }
}
