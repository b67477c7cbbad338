using NanoBanana.Client.Files;

namespace NanoBanana.Client.Tests.Files;

public class CompactSetTests
{
    [Fact]
    public void Each_hash_is_new_once()
    {
        var random = new Random(1);
        var set = new CompactSet();
        HashSet<ulong> expected = [];
        for (int i = 0; i < 300_000; i++)
        {
            // Half of the hashes come again, most of them after other parts of the set are full.
            ulong hash = i % 2 == 0 ? (ulong)random.NextInt64(long.MinValue, long.MaxValue) : (ulong)random.Next(50_000);
            Assert.Equal(expected.Contains(hash), set.Contains(hash));
            Assert.Equal(expected.Add(hash), set.Add(hash));
        }
        Assert.All(expected, hash => Assert.True(set.Contains(hash)));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public void A_hash_at_a_limit_is_found(ulong hash)
    {
        var set = new CompactSet();
        Assert.False(set.Contains(hash));
        Assert.True(set.Add(hash));
        Assert.False(set.Add(hash));
        Assert.True(set.Contains(hash));
    }
}
