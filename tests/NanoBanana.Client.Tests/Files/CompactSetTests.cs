using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

public class CompactSetTests
{
    /// <summary>The distance of two hashes that are in the same table.</summary>
    private const ulong SameTable = 256;

    [Fact]
    public void Each_hash_is_new_once()
    {
        var random = new Random(1);
        var set = new CompactSet();
        HashSet<ulong> expected = [];
        for (int i = 0; i < 100_000; i++)
        {
            // Half of the hashes are in one table and come again.
            ulong hash = i % 2 == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(2_000) * SameTable;
            Assert.Equal(expected.Add(hash), set.Add(hash));
        }
        Assert.All(expected, hash => Assert.True(set.Contains(hash)));
    }

    [Fact]
    public void A_missing_hash_is_not_found_in_a_table_of_any_size()
    {
        var set = new CompactSet();
        Assert.False(set.Contains(0));
        for (ulong i = 1; i <= 100; i++)
        {
            set.Add(i * SameTable);
            Assert.False(set.Contains(0));
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public void A_hash_at_a_limit_is_found(ulong hash)
    {
        var set = new CompactSet();
        Assert.True(set.Add(hash));
        Assert.False(set.Add(hash));
        Assert.True(set.Contains(hash));
    }
}
