namespace NanoBanana.Emulator.Provider;

/// <summary>SplitMix64. It returns the same numbers on every runtime, which System.Random does not guarantee.</summary>
/// <remarks>Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014).</remarks>
internal struct SeededRandom(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>Maps a value to all 64 bits, one to one.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>FNV-1a over UTF-16 units, starting from an earlier hash.</summary>
    public static ulong Hash(string text, ulong hash = 14695981039346656037)
    {
        foreach (char unit in text)
            hash = Hash(unit, hash);
        return hash;
    }

    public static ulong Hash(char unit, ulong hash) => (hash ^ unit) * 1099511628211;

    /// <summary>The random numbers of one of several equal requests.</summary>
    public static SeededRandom Of(int seed, ulong identity, int ordinal) =>
        new(new SeededRandom(Mix((ulong)seed ^ identity) + (ulong)ordinal).Next());

    public ulong Next()
    {
        _state += Step;
        return Mix(_state);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Normal with mean 0 and deviation 1, by Box and Muller.</summary>
    public double NextNormal() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());
}
