namespace NanoBanana.Emulator.Pictures;

/// <summary>The checksum of a zlib stream (RFC 1950).</summary>
internal struct Adler32()
{
    private const uint Modulus = 65521;

    /// <summary>The most bytes whose sums fit 32 bits before the remainder must be taken.</summary>
    private const int Run = 5552;

    private uint _a = 1;
    private uint _b = 0;

    public readonly uint Value => (_b << 16) | _a;

    public void Add(byte[] bytes)
    {
        for (int start = 0; start < bytes.Length; start += Run)
        {
            int end = Math.Min(bytes.Length, start + Run);
            for (int i = start; i < end; i++)
            {
                _a += bytes[i];
                _b += _a;
            }

            _a %= Modulus;
            _b %= Modulus;
        }
    }
}
