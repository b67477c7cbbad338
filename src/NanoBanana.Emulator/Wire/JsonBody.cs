using System.Buffers;
using System.Text.Json;

namespace NanoBanana.Emulator.Wire;

/// <summary>Writes JSON into bytes.</summary>
internal static class JsonBody
{
    /// <summary>One for each thread, since a writer costs more than what it writes here.</summary>
    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    public static ArraySegment<byte> Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var bytes = new Bytes();
        var json = s_writer ??= new Utf8JsonWriter(bytes);
        json.Reset(bytes);
        write(json, value);
        json.Flush();
        return bytes.Written;
    }

    /// <summary>A growing array; .NET Framework has no ArrayBufferWriter.</summary>
    private sealed class Bytes : IBufferWriter<byte>
    {
        private byte[] _bytes = new byte[512];
        private int _used;

        public ArraySegment<byte> Written => new(_bytes, 0, _used);

        public void Advance(int count) => _used += count;

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            int wanted = Math.Max(sizeHint, 1);
            if (_bytes.Length - _used < wanted)
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + wanted));
            return _bytes.AsMemory(_used);
        }
    }
}
