namespace NanoBanana.Client.Files;

/// <summary>
/// A set of hashes that only grows. A run can have a million prompts, and a HashSet would take three times the memory: an entry takes 8
/// bytes and at most 5 more for free slots. For any thread.
/// </summary>
/// <remarks>
/// The hashes must be evenly distributed, such as 64 bits of a SHA-256. The probability that two of a million are equal is 1 to 37 million.
/// </remarks>
internal sealed class CompactSet
{
    /// <summary>The number of tables. Each grows on its own, so no more than one is copied at a time.</summary>
    private const int Tables = 256;

    private readonly Table[] _tables = new Table[Tables];

    /// <summary>Adds a hash.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Add(ulong hash)
    {
        lock (_tables)
            return _tables[hash % Tables].Add((hash / Tables) + 1);
    }

    /// <summary>Whether the set contains a hash.</summary>
    public bool Contains(ulong hash)
    {
        lock (_tables)
            return _tables[hash % Tables].Contains((hash / Tables) + 1);
    }

    /// <summary>A table with linear probing. A free slot is 0.</summary>
    private struct Table
    {
        private ulong[]? _slots;
        private int _count;

        public bool Add(ulong entry)
        {
            _slots ??= new ulong[4];
            // A free slot always remains, so that a search ends.
            if ((_count + 1) * 5 > _slots.Length * 4)
                Grow();
            ref ulong slot = ref SlotOf(_slots, entry);
            if (slot == entry)
                return false;
            slot = entry;
            _count++;
            return true;
        }

        public readonly bool Contains(ulong entry) => _slots is not null && SlotOf(_slots, entry) == entry;

        private void Grow()
        {
            ulong[] before = _slots!;
            _slots = new ulong[before.Length + (before.Length / 4) + 3];
            foreach (ulong entry in before)
            {
                if (entry != 0)
                    SlotOf(_slots, entry) = entry;
            }
        }

        /// <summary>The slot of an entry, or the free slot for it.</summary>
        private static ref ulong SlotOf(ulong[] slots, ulong entry)
        {
            ulong slot = entry % (ulong)slots.Length;
            while (slots[slot] != 0 && slots[slot] != entry)
                slot = slot + 1 == (ulong)slots.Length ? 0 : slot + 1;
            return ref slots[slot];
        }
    }
}
